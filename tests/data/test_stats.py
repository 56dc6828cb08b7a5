import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.data.items import TaskItems
from unio.data.mixture import Mixture
from unio.data.stats import gather_stats
from unio.schema import InputModality, TargetModality


def items(broken_of_100: int = 0, **weights: float) -> TaskItems:
    return TaskItems(
        source=SyntheticSource(broken_of_100),
        mixture=Mixture(weights=weights),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        seed=1,
    )


def test_lengths_and_tokens_are_counted() -> None:
    stats = gather_stats(items(name=1, paint=3), count=40)
    name, paint = stats.entries
    assert (name.share, paint.share) == (0.25, 0.75)
    assert name.drawn + paint.drawn == stats.count == 40
    assert name.drawn < paint.drawn
    # A picture of 8 x 12 fills two of the four patches' rows or all of them; its codes are 2 x 2.
    assert paint.decoder == (4.0, 4)
    assert stats.targets[TargetModality.IMAGE] == 4 * paint.drawn
    assert stats.examples == {TargetModality.TEXT: name.drawn, TargetModality.IMAGE: paint.drawn}
    assert set(stats.inputs) == {InputModality.TEXT, InputModality.IMAGE}
    places = sum(one.encoder[0] * one.drawn for one in stats.entries)
    assert sum(stats.inputs.values()) == pytest.approx(places)
    assert stats.cut == 0


def test_broken_examples_are_listed() -> None:
    stats = gather_stats(items(broken_of_100=3, name=1), count=5)
    assert [item.index for item in stats.broken] == [0, 1, 2]
    assert stats.entries[0].drawn == 2
    told = stats.to_json()
    assert told["broken"][0].startswith("example 0 of task 'name' (seed 1) is broken: ValueError")
    assert told["entries"][0]["drawn"] == 2


def test_nothing_drawn_is_zero() -> None:
    stats = gather_stats(items(broken_of_100=100, name=1), count=2)
    assert stats.entries[0].encoder == (0.0, 0)
    assert stats.inputs == {}
