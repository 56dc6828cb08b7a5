import sys

import numpy as np
import pytest

from unio.core import MissingExtraError
from unio.data.simulators import metaworld
from unio.data.simulators.metaworld import INSTRUCTIONS, MOST_MOVES, open_arm


def test_without_metaworld_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "metaworld.env_dict", None)
    metaworld._load.cache_clear()
    with pytest.raises(MissingExtraError, match=r"'metaworld' is not installed: .*'unio\[metaworld\]'"):
        open_arm("test", 0, 0)


class TestWithMetaworld:
    @pytest.fixture(autouse=True)
    def _installed(self):
        pytest.importorskip("metaworld")

    def test_its_experts_do_what_is_asked(self):
        for index in (0, 5):
            arm = open_arm("test", 1, index)
            assert arm.instruction == list(INSTRUCTIONS.values())[index]
            while not arm.done:
                arm.take(arm.expert())
            assert arm.success
            assert arm.figures["moves"] < MOST_MOVES

    def test_a_problem_is_what_its_number_says(self):
        picture = open_arm("train", 0, 3).picture()
        assert picture.shape == (128, 128, 3)
        assert (picture == open_arm("train", 0, 3).picture()).all()
        assert (picture != open_arm("test", 0, 3).picture()).any()

    def test_moves_are_millimetres_along_the_table(self):
        arm = open_arm("train", 0, 3)
        place = arm._environment.get_endeff_pos().copy()
        arm.take(np.array([20.0, 0, 0, 0, 0, 0, 0]))
        for _ in range(3):  # the hand lags behind
            arm.take(None)
        moved = arm._environment.get_endeff_pos() - place
        assert moved == pytest.approx([0.02, 0, 0], abs=0.006)
        assert not arm.success

    def test_moves_are_counted(self):
        arm = open_arm("train", 0, 3)
        arm.moves = MOST_MOVES - 1
        arm.take(None)
        assert (arm.done, arm.success) == (True, False)
