import json
from collections.abc import Mapping
from typing import Any

import pytest
import tiny

from unio.core import InputError
from unio.data import BatchMaker, BrokenItem, LoaderConfig, MadeBatch
from unio.train.feeds import Batches, LoaderFeed, StatefulFeed, StepFeed, StridedMaker
from unio.train.processes import Processes


def sizes(batches: Batches) -> list[tuple[str, ...]]:
    return [batch.tasks for batch in batches]


class CountingMaker:
    """Batches of one example whose task says which batch it is and how many were made before."""

    def __init__(self, maker: BatchMaker, *, fails_at: int | None = None) -> None:
        self.maker = maker
        self.made = 0
        self.fails_at = fails_at

    def make(self, step: int) -> MadeBatch:
        if step == self.fails_at:
            raise InputError("the source is gone")
        made = self.maker.make(step)
        self.made += 1
        broken = (BrokenItem(task="name", seed=0, index=step, reason="why"),) if step == 2 else ()
        return MadeBatch(batch=_named(made, f"{step}/{self.made}"), broken=broken)

    def state(self) -> Mapping[str, Any]:
        return {"made": self.made}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.made = int(state["made"])


def _named(made: MadeBatch, name: str) -> Any:
    from dataclasses import replace

    return replace(made.batch, tasks=(name,))


def test_a_loader_feeds_so_many_batches_a_step(maker: BatchMaker) -> None:
    feed = LoaderFeed(maker, config=LoaderConfig(workers=0), accumulate=2, report=print)
    with feed.open(3, None) as inputs:
        batches = next(inputs)
    expected = [maker.make(6).batch, maker.make(7).batch]
    for batch, other in zip(batches, expected, strict=True):
        assert (batch.streams["text"].values == other.streams["text"].values).all()  # type: ignore[index]
    assert feed.state() is None


def test_each_process_gets_its_own_batches_of_the_step(maker: BatchMaker) -> None:
    texts = []
    for rank in range(2):
        feed = LoaderFeed(
            maker,
            config=LoaderConfig(workers=0),
            accumulate=4,
            report=print,
            processes=Processes(rank=rank, size=2),
        )
        with feed.open(1, None) as inputs:
            texts.append([batch.streams["text"].values.tolist() for batch in next(inputs)])  # type: ignore[index]
    numbers = [[4, 6], [5, 7]]
    for held, expected in zip(texts, numbers, strict=True):
        assert held == [maker.make(step).batch.streams["text"].values.tolist() for step in expected]  # type: ignore[index]


def test_a_strided_maker_makes_every_second() -> None:
    maker = tiny.patchy_maker()
    assert StridedMaker(maker, 1, 2).make(3).batch.tasks == maker.make(7).batch.tasks


def test_a_step_feed_passes_the_step_on() -> None:
    from contextlib import nullcontext

    with StepFeed(lambda start: nullcontext(iter([start]))).open(5, None) as inputs:
        assert list(inputs) == [5]


def test_a_stateful_feed_saves_what_was_taken_not_what_was_made_ahead() -> None:
    told: list[str] = []
    feed = StatefulFeed(CountingMaker(tiny.tiny_maker(text=1)), accumulate=2, ahead=3, report=told.append)
    with feed.open(0, None) as inputs:
        assert feed.state() == {"made": 0}
        assert sizes(next(inputs)) == [("0/1",), ("1/2",)]
        assert sizes(next(inputs)) == [("2/3",), ("3/4",)]
        state = feed.state()
    assert state == {"made": 4}
    assert told == ["example 2 of task 'name' (seed 0) is broken: why"]
    again = StatefulFeed(CountingMaker(tiny.tiny_maker(text=1)), accumulate=2, ahead=1, report=print)
    with again.open(2, json.loads(json.dumps(state))) as inputs:
        assert sizes(next(inputs)) == [("4/5",), ("5/6",)]


def test_a_makers_error_reaches_the_trainer_in_its_turn() -> None:
    feed = StatefulFeed(
        CountingMaker(tiny.tiny_maker(text=1), fails_at=1), accumulate=1, ahead=4, report=print
    )
    with feed.open(0, None) as inputs:
        next(inputs)
        with pytest.raises(InputError, match="the source is gone"):
            next(inputs)
