import numpy as np
import pytest

from unio.data.simulators import Simulator
from unio.evals.evaluator import EvaluationConfig
from unio.evals.result_log import ResultLog
from unio.evals.simulated import blind_actions, closed_loop_name, evaluate_worlds, summarise_worlds
from unio.media import Prediction

CONFIG = EvaluationConfig(count=3, seed=0, batch_size=2)


class Fork:
    """One turn, left in even worlds and right in odd ones."""

    instruction = "turn"

    def __init__(self, index: int) -> None:
        self.right_way = "right" if index % 2 else "left"
        self.success = False
        self.done = False
        self.figures: dict[str, float] = {}

    def picture(self) -> np.ndarray:
        return np.zeros((4, 4, 3), np.uint8)

    def expert(self) -> str:
        return self.right_way

    def take(self, action: object) -> None:
        self.success, self.done = action == self.right_way, True


FORK = Simulator(
    name="fork",
    title="take a turn",
    task="navigate",
    earlier_views=0,
    open_world=lambda split, seed, index: Fork(index),
)


def run(policy, log=None, told=lambda *_: None):
    log = log or ResultLog(None, identity={})
    evaluate_worlds(FORK, policy, split="test", config=CONFIG, log=log, report=told)
    return log


def lefts(examples):
    return [Prediction(task="navigate", text="left") for _ in examples]


def test_the_simulator_judges_each_problem():
    scores = [row.scores["success"] for row in run(lefts).results("fork_closed_loop")]
    assert scores == [1.0, 0.0, 1.0]


def test_what_is_done_is_not_done_again():
    def never(examples):
        raise AssertionError("all problems are done")

    told: list[int] = []
    run(never, run(lefts), lambda name, done: told.append(done))
    assert told == [3]


def test_blind_actions_are_those_of_other_problems_in_turn():
    policy = blind_actions(FORK, "test", seed=0)
    assert [one.text for one in policy([None] * 3)] == ["left", "right", "left"]  # type: ignore[list-item]
    assert policy([None])[0].text == "right"  # type: ignore[list-item]


def test_the_row_of_the_table():
    row = summarise_worlds(
        FORK, run(lefts), blind=run(blind_actions(FORK, "test", seed=0)), experts=run(None)
    )
    assert row is not None
    assert (row.task, row.group, row.count) == (closed_loop_name(FORK), "embodied AI", 3)
    assert (row.score, row.ceiling) == (pytest.approx(2 / 3), 1.0)
    empty = ResultLog(None, identity={})
    assert summarise_worlds(FORK, empty, blind=empty, experts=None) is None
