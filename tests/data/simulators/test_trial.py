import dataclasses

import numpy as np
import pytest

from unio.data.simulators import Simulator, run_expert
from unio.data.simulators.trial import predicted_action
from unio.media import Prediction


class Corridor:
    """Three steps forward; shows how far one is as brightness."""

    instruction = "go to the end"

    def __init__(self):
        self.place = 0
        self.turns = 0

    @property
    def success(self):
        return self.place == 3

    @property
    def done(self):
        return self.success or self.turns == 5

    @property
    def figures(self):
        return {"turns": float(self.turns)}

    def picture(self):
        return np.full((4, 4, 3), 10 * self.place, np.uint8)

    def expert(self):
        return "forward"

    def take(self, action):
        self.turns += 1
        self.place += action == "forward"


@pytest.fixture
def corridor():
    return Simulator(
        name="corridor",
        title="walk a corridor",
        task="navigate",
        earlier_views=2,
        open_world=lambda split, seed, index: Corridor(),
    )


def test_earlier_views_are_shown_oldest_first(corridor):
    trial = corridor.trial("test", 0, 0)
    assert trial.question().image_history == ()
    for shown in ([0], [0, 10], [10, 20]):
        trial = trial.after(trial.expert())
        assert [int(view[0, 0, 0]) for view in trial.question().image_history] == shown
    assert trial.question().prompt.startswith(
        "[Text] [S] You can go forward, left, right or stop. go to the end"
    )


def test_the_expert_comes_to_the_end(corridor):
    trial = run_expert(corridor.trial("test", 0, 0))
    assert trial.done
    assert trial.scores == {"success": 1.0, "turns": 3.0}


def test_a_world_without_history_shows_one_picture(corridor):
    still = dataclasses.replace(corridor, earlier_views=0).trial("test", 0, 0)
    assert still.after(still.expert()).question().image_history == ()


def test_an_answer_without_numbers_is_no_action():
    assert predicted_action(Prediction(task="act", action=np.zeros((0, 4)))) is None
    assert predicted_action(Prediction(task="navigate", text="left")) == "left"
    numbers = predicted_action(Prediction(task="act", action=np.array([[1.0, 2, 3, 4]])))
    assert np.asarray(numbers).tolist() == [1, 2, 3, 4]
