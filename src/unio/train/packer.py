"""`make_packer`: the packer of a run, for the examples that its batches would be made of."""

from unio.data import BatchMaker
from unio.data.items import ItemShare, MixedItems
from unio.data.packing import PackedBatchMaker, PackingConfig
from unio.model import ModelConfig
from unio.train.packing_work import work_model

__all__ = ["make_packer"]


def make_packer(
    maker: BatchMaker,
    packing: PackingConfig,
    config: ModelConfig,
    *,
    accumulate: int,
    freeze_encoders: bool = False,
) -> PackedBatchMaker:
    """Packs the examples of ``maker``, modality against modality as its batches have them.

    Example, batches of 6 texts and 2 pictures::

        3 of 4 packed examples are texts, drawn one by one
    """
    shares = [
        ItemShare(items=maker.items(modality), weight=group.count) for modality, group in maker.groups.items()
    ]
    return PackedBatchMaker(
        MixedItems(shares=shares, seed=maker.seed, stream="packed modality"),
        config=packing,
        geometry=maker.geometry,
        streams=accumulate * packing.streams,
        work=work_model(config, frozen_encoders=freeze_encoders),
    )
