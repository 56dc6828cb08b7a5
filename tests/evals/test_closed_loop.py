from collections.abc import Sequence

import numpy as np
import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import Task, task
from unio.evals.closed_loop import (
    CLOSED_LOOP,
    HELD_FRAMES,
    blind_policy,
    evaluate_pushes,
    film,
    model_policy,
    summarise_pushes,
)
from unio.evals.evaluator import EvaluationConfig
from unio.evals.result_log import ResultLog
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput
from unio.vocab import locations_text

SOURCE = PlayroomSource(split="test", size=32)
ACT = task("act")
CONFIG = EvaluationConfig(count=3, seed=5, batch_size=2)


class Corner:
    """Always pushes in the lower right corner, where nothing is to be moved."""

    def decoding(self, task: Task) -> DecodingOptions:
        return task.decoding

    def answer(self, examples: Sequence[Example], options: Sequence[DecodingOptions]) -> list[ModelOutput]:
        return [ModelOutput(text=locations_text([0.95, 0.9, 0.95, 0.95])) for _ in examples]


@pytest.fixture(scope="module")
def corner_log() -> ResultLog:
    log = ResultLog(None, identity={})
    policy = model_policy(Corner(), ACT, seed=5)
    evaluate_pushes(policy, source=SOURCE, config=CONFIG, log=log, report=lambda *_: None)
    return log


def test_a_policy_without_sense_spends_its_pushes_in_vain(corner_log: ResultLog) -> None:
    assert [row.scores for row in corner_log.results(CLOSED_LOOP)] == [{"success": 0.0, "pushes": 3.0}] * 3


def test_what_is_done_is_not_done_again(corner_log: ResultLog) -> None:
    def never(examples: Sequence[Example]) -> list[Prediction]:
        raise AssertionError("all problems are done")

    told: list[int] = []
    evaluate_pushes(
        never, source=SOURCE, config=CONFIG, log=corner_log, report=lambda name, done: told.append(done)
    )
    assert told == [3]


def test_the_row_of_the_table(corner_log: ResultLog) -> None:
    summary = summarise_pushes(ACT, corner_log, ResultLog(None, identity={}))
    assert summary is not None
    assert (summary.task, summary.metric, summary.score, summary.count) == (CLOSED_LOOP, "success", 0.0, 3)
    assert summarise_pushes(ACT, ResultLog(None, identity={}), corner_log) is None


def test_blind_pushes_are_repeatable_and_fit_the_picture() -> None:
    first, second = (
        blind_policy(SOURCE, ACT, seed=5)([SOURCE.example("act", 5, 0)])[0].action for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert first.shape == (1, 4)
    assert np.all((first >= 0) & (first <= 32))


def test_the_experts_push_reaches_the_goal_and_makes_a_film() -> None:
    example = SOURCE.example("act", 5, 0)
    trial = SOURCE.push_trial(5, 0)
    done = trial.after(ACT.parse(ModelOutput(text=example.target_text), example))
    assert done.success
    frames = film(done, size=48)
    assert len(frames) == len(done.episodes[0].scenes) + HELD_FRAMES
    assert {frame.shape for frame in frames} == {frames[0].shape}
    assert not np.array_equal(frames[0], frames[HELD_FRAMES]), "the arrow is gone when the push begins"


def test_a_trial_without_pushes_is_a_still() -> None:
    assert len(film(SOURCE.push_trial(5, 1), size=48)) == 1
