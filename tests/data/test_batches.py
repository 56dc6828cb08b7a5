import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.core import InputError
from unio.data.batches import BatchMaker, Group
from unio.data.mixture import Mixture
from unio.schema import TargetModality


def maker(broken_of_100: int = 0) -> BatchMaker:
    return BatchMaker(
        source=SyntheticSource(broken_of_100),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={
            TargetModality.TEXT: Group(mixture=Mixture(weights={"name": 1}), count=3),
            TargetModality.IMAGE: Group(mixture=Mixture(weights={"paint": 1}), count=2),
            TargetModality.AUDIO: Group(mixture=Mixture(weights={"hum": 1}), count=1),
        },
        seed=11,
    )


def test_a_batch_has_its_groups_in_order() -> None:
    batch = maker().make(4).batch
    assert batch.tasks == ("name", "name", "name", "paint", "paint", "hum")
    assert [batch.targets[modality].rows.tolist() for modality in TargetModality] == [[0, 1, 2], [3, 4], [5]]


def test_a_batch_is_a_pure_function_of_its_number() -> None:
    first, again, other = maker().make(2).batch, maker().make(2).batch, maker().make(3).batch
    for modality, stream in first.streams.items():
        np.testing.assert_array_equal(stream.values, again.streams[modality].values)
    media = [batch.targets[TargetModality.IMAGE].media for batch in (first, other)]
    assert media[0] is not None
    assert not np.array_equal(media[0], media[1])


def test_a_broken_example_is_replaced_and_told() -> None:
    made = maker(broken_of_100=2).make(0)  # indices 0, 1, 2 of task name: the first two are broken
    assert [(item.task, item.index) for item in made.broken] == [("name", 0), ("name", 1)]
    assert str(made.broken[0]) == (
        "example 0 of task 'name' (seed 11) is broken: ValueError: no such picture"
    )
    assert made.batch.size == 6


def test_nothing_but_broken_examples_stops() -> None:
    with pytest.raises(InputError, match=r"8 examples in a row are broken.*no such picture.*leave it out"):
        maker(broken_of_100=100).make(0)
