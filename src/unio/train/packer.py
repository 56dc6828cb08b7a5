"""`make_packer`: the packer of a run, for the examples that its batches would be made of."""

from unio.data import BatchMaker
from unio.data.items import ItemShare, MixedItems, TaskItems
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
    """Packs the tasks of ``maker``, modality against modality as its batches have them.

    Example, batches of 6 texts and 2 pictures::

        3 of 4 packed examples are texts, drawn one by one
    """
    shares = [
        ItemShare(
            items=TaskItems(
                source=maker.source,
                mixture=group.mixture,
                tokenizer=maker.tokenizer,
                geometry=maker.geometry,
                seed=maker.seed,
                keep=maker.keep,
                unconditional_share=maker.unconditional_share,
                guided=maker.guided,
            ),
            weight=group.count,
        )
        for group in maker.groups.values()
    ]
    return PackedBatchMaker(
        MixedItems(shares=shares, seed=maker.seed),
        config=packing,
        geometry=maker.geometry,
        streams=accumulate * packing.streams,
        work=work_model(config, frozen_encoders=freeze_encoders),
    )
