import sys

import numpy as np
import pytest

from unio.core import MissingExtraError
from unio.data.simulators.pusht import MOST_PUSHES, PUSHER_RADIUS, SIDE, SIZE, open_pusht


def test_without_gym_pusht_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "gym_pusht.envs.pusht", None)
    with pytest.raises(MissingExtraError, match=r"'gym-pusht' is not installed: .*'unio\[pusht\]'"):
        open_pusht("test", 0, 0)


class TestWithGymPusht:
    @pytest.fixture(autouse=True)
    def _installed(self):
        pytest.importorskip("gym_pusht")

    @pytest.fixture
    def table(self):
        return open_pusht("train", 0, 1)

    def test_a_problem_is_what_its_number_says(self, table):
        assert (table.picture() == open_pusht("train", 0, 1).picture()).all()
        assert (table.picture() != open_pusht("test", 0, 1).picture()).any()
        assert table.picture().shape == (SIZE, SIZE, 3)

    def test_the_experts_push_brings_the_t_nearer_and_does_not_move_it_before(self, table):
        pose = table.pose
        action = table.expert()
        assert table.pose == pytest.approx(pose)
        table.take(action)
        before, after = (np.hypot(at[0] - table.goal[0], at[1] - table.goal[1]) for at in (pose, table.pose))
        assert after < before
        assert table.figures["pushes"] == 1

    def test_a_push_that_begins_on_the_t_or_says_nothing_is_lost_time(self, table):
        pose = table.pose
        y, x = np.array([pose[1], pose[0]]) * SIZE / SIDE
        for answer in (np.array([y, x, 0.0, 0.0]), None, "left"):
            table.take(answer)
        assert table.pose == pose
        for _ in range(MOST_PUSHES - 3):
            assert not table.done
            table.take(None)
        assert (table.done, table.success) == (True, False)

    def test_the_goal_is_judged_by_gym_pusht(self, table):
        table.lay(table.goal)
        coverage, is_enough = table.push(np.array([20.0, 20.0]), np.array([30.0, 20.0]))
        assert coverage == pytest.approx(1.0, abs=0.01)
        assert is_enough

    def test_how_far_a_place_is_from_the_t(self, table):
        table.lay((256.0, 256.0, 0.0))
        assert table.gap(np.array([256.0, 226.0])) == pytest.approx(30, abs=1)
        assert table.gap(np.array([256.0, 270.0])) < 0

    def test_a_film_has_a_picture_of_every_stride(self, table):
        table.film = []
        table.take(np.array([PUSHER_RADIUS, PUSHER_RADIUS, PUSHER_RADIUS, 50.0]) * SIZE / SIDE)
        assert len(table.film) >= 4
