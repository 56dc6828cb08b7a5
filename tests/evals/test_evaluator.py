from collections.abc import Sequence
from pathlib import Path

import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import task
from unio.evals.evaluator import EvaluationConfig, evaluate, evaluation_options
from unio.evals.result_log import ResultLog
from unio.schema import DecodingOptions, Example, ModelOutput

SOURCE = PlayroomSource(split="test", size=32)
CONFIG = EvaluationConfig(count=5, seed=3, batch_size=2)


class Truthful:
    """Gives every target as the answer, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.seeds: list[int] = []

    def answer(self, examples: Sequence[Example], options: Sequence[DecodingOptions]) -> list[ModelOutput]:
        self.asked += [example.prompt for example in examples]
        self.seeds += [one.seed for one in options]
        return [ModelOutput(text=example.target_text) for example in examples]


def run(log: ResultLog, *, config: EvaluationConfig = CONFIG) -> Truthful:
    answerer = Truthful()
    evaluate([task("sort")], source=SOURCE, answerer=answerer, config=config, log=log, report=lambda *_: None)
    return answerer


def test_every_example_is_answered_and_scored() -> None:
    log = ResultLog(None, identity={})
    run(log)
    assert [row.index for row in log.results("sort")] == [0, 1, 2, 3, 4]
    assert all(row.scores["accuracy"] == 1.0 for row in log.results("sort"))


def test_progress_counts_what_is_there_and_then_every_batch(tmp_path: Path) -> None:
    log = ResultLog(tmp_path / "log.jsonl", identity={})
    run(log, config=CONFIG.model_copy(update={"count": 1}))
    told: list[tuple[str, int]] = []
    evaluate(
        [task("sort")],
        source=SOURCE,
        answerer=Truthful(),
        config=CONFIG,
        log=log,
        report=lambda name, done: told.append((name, done)),
    )
    assert told == [("sort", 1), ("sort", 2), ("sort", 2)]


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    first = run(ResultLog(path, identity={}), config=CONFIG.model_copy(update={"count": 3}))
    rest = run(ResultLog(path, identity={}))
    whole = run(ResultLog(None, identity={}))
    assert first.asked + rest.asked == whole.asked
    assert first.seeds + rest.seeds == whole.seeds


def test_seeds_differ_by_example_and_are_repeatable() -> None:
    family = task("image_from_text")
    seeds = [evaluation_options(family, seed=3, index=index).seed for index in (0, 1, 0)]
    assert seeds[0] == seeds[2] != seeds[1]


def test_the_tasks_own_decoding_is_kept() -> None:
    family = task("image_from_text")
    options = evaluation_options(family, seed=3, index=0)
    assert options.model_copy(update={"seed": 0}) == family.decoding.model_copy(update={"seed": 0})


def test_a_model_may_be_decoded_in_its_own_way() -> None:
    told: list[DecodingOptions] = []

    class Listener(Truthful):
        def answer(
            self, examples: Sequence[Example], options: Sequence[DecodingOptions]
        ) -> list[ModelOutput]:
            told.extend(options)
            return super().answer(examples, options)

    evaluate(
        [task("sort")],
        source=SOURCE,
        answerer=Listener(),
        config=CONFIG,
        log=ResultLog(None, identity={}),
        report=lambda *_: None,
        decoding=lambda family: DecodingOptions(temperature=0.25, top_k=len(family.name)),
    )
    assert {(one.temperature, one.top_k) for one in told} == {(0.25, 4)}
    assert len({one.seed for one in told}) == 5


def test_a_count_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        EvaluationConfig(count=0)
