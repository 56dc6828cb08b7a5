from dataclasses import dataclass

import pytest
import tiny

from unio.data import BatchMaker
from unio.data.items import ItemMaker, ItemShare, MixedItems
from unio.data.packing import collate_packed, measure
from unio.schema import Features, TargetModality
from unio.train.flops import train_flops
from unio.train.lengths import batch_lengths, padded_positions
from unio.train.packing_work import work_model


def test_examples_come_in_the_proportion_of_the_batch() -> None:
    packer = tiny.tiny_packer(maker=tiny.tiny_maker(text=6, image=2))
    names = [packer.items.name(index) for index in range(200)]
    assert set(names) == {"name", "paint"}
    assert 0.65 < names.count("name") / len(names) < 0.85


def test_the_work_of_packed_examples_adds_up_to_the_counted_operations() -> None:
    config = tiny.tiny_config()
    model = work_model(config)
    items = tiny.tiny_packer(maker=tiny.tiny_maker(text=1)).items
    features = [items.make(index) for index in range(4)]
    sizes = [measure(one, geometry=config.geometry, work=model) for one in features]
    batch = collate_packed([features], geometry=config.geometry)
    lengths = batch_lengths(batch, config)
    assert lengths.encoder == tuple(one.encoder for one in sizes)
    assert [target.tokens for target in lengths.targets] == [one.decoder for one in sizes]
    assert sum(one.work for one in sizes) == pytest.approx(train_flops(config, lengths), rel=0.1)
    assert padded_positions(batch) == lengths.positions


@dataclass(frozen=True)
class Renamed:
    """The same items under other names, as if they were denoised."""

    items: ItemMaker

    @property
    def seed(self) -> int:
        return self.items.seed

    def name(self, index: int) -> str:
        return f"denoise.{self.items.name(index)}"

    def make(self, index: int) -> Features:
        return self.items.make(index)


class HalfDenoised(BatchMaker):
    """Draws every item from one of two makers, evenly, as a maker with denoising does."""

    def items(self, modality: TargetModality) -> ItemMaker:
        plain = super().items(modality)
        shares = [ItemShare(items=one, weight=0.5) for one in (plain, Renamed(plain))]
        return MixedItems(shares=shares, seed=self.seed)


def test_each_modality_has_its_share_of_denoised_examples() -> None:
    plain = tiny.tiny_maker(text=6, image=2)
    maker = HalfDenoised(
        source=plain.source,
        tokenizer=plain.tokenizer,
        geometry=plain.geometry,
        groups=plain.groups,
        seed=plain.seed,
    )
    packer = tiny.tiny_packer(maker=maker)
    names = [packer.items.name(index) for index in range(400)]
    for task in ("name", "paint"):
        denoised = names.count(f"denoise.{task}")
        assert 0.35 < denoised / (denoised + names.count(task)) < 0.65, task
