"""The packer: order, fairness, budgets, state."""

import json
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.core import CheckpointError, InputError
from unio.data.items import ItemShare, MixedItems, TaskItems
from unio.data.mixture import Mixture
from unio.data.packing import PackedBatchMaker, PackingConfig, WorkModel, balanced_budgets, measure
from unio.schema import Batch, Packing


def items(**weights: float) -> MixedItems:
    def of(task: str) -> TaskItems:
        return TaskItems(
            source=SyntheticSource(),
            mixture=Mixture(weights={task: 1}),
            tokenizer=LetterTokenizer(),
            geometry=GEOMETRY,
            seed=11,
        )

    wanted = weights or {"name": 3.0, "paint": 2.0, "hum": 1.0}
    return MixedItems(shares=[ItemShare(items=of(task), weight=w) for task, w in wanted.items()], seed=2)


def maker(*, streams: int = 1, **settings: Any) -> PackedBatchMaker:
    values = {"encoder_length": 70, "decoder_length": 24, "pool": 6, **settings}
    return PackedBatchMaker(items(), config=PackingConfig(**values), geometry=GEOMETRY, streams=streams)


def packing_of(batch: Batch[np.ndarray]) -> Packing[np.ndarray]:
    assert batch.packing is not None
    return batch.packing


def arrays(batch: Batch[np.ndarray]) -> Iterator[np.ndarray]:
    found: list[np.ndarray] = []
    batch.map(lambda array: found.append(array) or array)
    yield from found


def assert_same(first: Batch[np.ndarray], second: Batch[np.ndarray]) -> None:
    assert first.tasks == second.tasks
    for one, other in zip(arrays(first), arrays(second), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("form", ["fixed", "variable"])
def test_rows_keep_both_budgets_and_the_caps(form: str) -> None:
    packer = maker(form=form, rows=2, pictures=2, sounds=1)
    for step in range(5):
        packing = packing_of(packer.make(step).batch)
        rows, lengths = (2, 70) if form == "fixed" else (1, 140)
        assert packing.encoder.rows == rows
        assert packing.encoder.length <= lengths
        assert packing.decoder.length <= lengths * 24 // 70
        pictures = packing.inputs.pictures
        assert pictures is None or len(pictures.lengths) <= 4


def test_every_item_comes_once_and_none_waits_longer_than_the_pool() -> None:
    packer = maker(rows=1)
    waited: dict[int, int] = {}
    seen: list[int] = []
    for step in range(25):
        packer.make(step)
        waiting = packer.state_dict()["0"]["waiting"]
        made = packer.state_dict()["0"]["next_item"]
        assert waiting == sorted(waiting), "the oldest first"
        gone = set(range(made)) - set(waiting) - set(seen)
        assert gone, "a row takes one at least"
        assert min(gone) == min(set(range(made)) - set(seen)), "the oldest is among them"
        seen += sorted(gone)
        for index in waiting:
            waited[index] = waited.get(index, 0) + 1
    assert len(seen) == len(set(seen))
    assert max(waited.values()) < 6, "the oldest of the pool of 6 opens every row"


def test_a_restored_packer_makes_the_same_batches() -> None:
    unbroken, other = maker(streams=2), maker(streams=2)
    for step in range(5):
        unbroken.make(step)
    other.load_state_dict(json.loads(json.dumps(unbroken.state_dict())))
    for step in range(5, 9):
        assert_same(other.make(step).batch, unbroken.make(step).batch)


def test_a_batch_brings_the_state_of_its_stream() -> None:
    packer, other = maker(streams=2), maker(streams=2)
    states: dict[str, Any] = {}
    for step in range(4):
        states.update(packer.make(step).state or {})
    assert states == packer.state_dict()
    other.load_state_dict(states)
    assert_same(pickle.loads(pickle.dumps(other)).make(4).batch, packer.make(4).batch)


def test_streams_do_not_depend_on_one_another() -> None:
    together, alone = maker(streams=2), maker(streams=2)
    batches = [together.make(step).batch for step in range(6)]
    for step in (1, 3, 5):
        assert_same(alone.make(step).batch, batches[step])


@pytest.mark.parametrize("settings", [{"encoder_length": 2}, {"decoder_length": 1}], ids=str)
def test_a_budget_too_small_for_any_example_is_told(settings: dict[str, int]) -> None:
    side = next(iter(settings)).split("_")[0]
    with pytest.raises(InputError, match=rf"fits into no row: got {side} \d+; expected at most .; fix"):
        maker(**settings).make(0)


def test_an_example_too_long_for_every_row_is_told_and_replaced() -> None:
    sizes = [measure(items().make(index), geometry=GEOMETRY).encoder for index in range(20)]
    longest = max(sizes)
    packer = maker(encoder_length=longest - 1)
    made = [packer.make(step) for step in range(20)]
    broken = [one for batch in made for one in batch.broken]
    told = f"the example fits into no row: got encoder {longest}; expected at most {longest - 1}; fix"
    assert {one.index for one in broken} >= {place for place, size in enumerate(sizes) if size == longest}
    assert all(told in one.reason for one in broken if one.index < len(sizes))


def test_a_cap_too_small_for_an_example_is_told() -> None:
    packer = PackedBatchMaker(
        items(),
        config=PackingConfig(encoder_length=70, decoder_length=24, work=0.5),
        geometry=GEOMETRY,
        work=WorkModel(**dict.fromkeys(WorkModel.model_fields, 1.0)),
    )
    with pytest.raises(InputError, match=r"got work \S+; expected at most 0\.5"):
        packer.make(0)


def test_batches_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="in order: got batch 3; expected batch 0 of stream 0"):
        maker().make(3)


def test_a_state_of_other_streams_is_refused() -> None:
    with pytest.raises(CheckpointError, match="other streams: got stream 1; expected 0 to 0"):
        maker().load_state_dict(maker(streams=2).state_dict())


def test_settings_that_cannot_work_are_refused() -> None:
    with pytest.raises(InputError, match="no packing stream: got 0"):
        maker(streams=0)
    with pytest.raises(InputError, match=r"packing\.work limits what nothing counts"):
        maker(work=3.0)


def test_balanced_budgets_fill_both_sides() -> None:
    sizes = [measure(items().make(index), geometry=GEOMETRY) for index in range(40)]
    config = balanced_budgets(sizes, encoder_length=200).model_copy(update={"pool": 24})
    packer = PackedBatchMaker(items(), config=config, geometry=GEOMETRY)
    filled = [packing_of(packer.make(step).batch) for step in range(12)]
    encoder = sum(one.encoder.filled for one in filled) / (12 * config.encoder_length)
    decoder = sum(one.decoder.filled for one in filled) / (12 * config.decoder_length)
    assert min(encoder, decoder) > 0.85
