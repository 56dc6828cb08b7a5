import sys

import pytest

from unio.core import MissingExtraError
from unio.data.simulators import SIMULATORS, run_expert
from unio.data.simulators.babyai import LEVELS, MOST_STEPS, Mission, open_mission
from unio.data.tasks.navigate import STEPS


def test_without_minigrid_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "minigrid", None)
    with pytest.raises(
        MissingExtraError, match=r"'minigrid' is not installed: fix: pip install 'unio\[babyai\]'"
    ):
        open_mission("test", 0, 0)


class TestWithMinigrid:
    @pytest.fixture(autouse=True)
    def _installed(self):
        pytest.importorskip("minigrid")

    def test_its_bot_fulfils_missions_of_every_level(self, capsys):
        for index in range(2 * len(LEVELS)):
            trial = run_expert(SIMULATORS.get("babyai").trial("test", 3, index))
            assert trial.success, trial.world.instruction
            assert 1 <= trial.scores["steps"] < MOST_STEPS
        assert capsys.readouterr().out == ""

    def test_a_mission_is_what_its_number_says(self):
        first, again, other = (
            open_mission(*which) for which in (("test", 0, 7), ("test", 0, 7), ("train", 0, 7))
        )
        assert first.level == LEVELS[2]
        assert first.instruction.startswith("go to ")
        assert first.picture().shape == (112, 112, 3)
        assert (first.picture() == again.picture()).all()
        assert (first.picture() != other.picture()).any()

    def test_the_bot_says_steps_that_the_family_knows(self):
        mission = open_mission("train", 1, 2)
        assert mission.expert() in STEPS

    def test_stopping_early_fails(self):
        mission = Mission("GoToObj", 5)
        mission.take("Stop ")
        assert (mission.done, mission.success) == (True, False)

    def test_words_that_are_no_step_are_lost_time(self):
        mission = Mission("GoToObj", 5)
        before = mission.picture()
        for answer in ("fly", None):
            mission.take(answer)
        assert (mission.picture() == before).all()
        assert mission.figures == {"steps": 2.0}
        for _ in range(MOST_STEPS - 2):
            assert not mission.done
            mission.take(None)
        assert (mission.done, mission.success) == (True, False)
