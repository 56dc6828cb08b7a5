"""From examples to batches: features, collation, mixtures, the loader. Knows nothing of the model."""

from unio.data.batches import BatchMaker, Denoising, Group, MadeBatch
from unio.data.collate import collate, encoder_length
from unio.data.corpus import TextMaker, collect_texts
from unio.data.features import TextEncoder, featurise, target_picture, target_sound
from unio.data.history import check_history
from unio.data.items import BrokenItem
from unio.data.loader import Loader, LoaderConfig, Maker
from unio.data.media_pool import MediaMaker, MediaPool, PoolConfig, PoolEntry, build_pool, open_pool
from unio.data.mixture import Mixture, family_of
from unio.data.shaping import Shaping
from unio.data.source import Source
from unio.data.subsample import keep_patches
from unio.data.unconditional import unconditional

__all__ = [
    "BatchMaker",
    "BrokenItem",
    "Denoising",
    "Group",
    "Loader",
    "LoaderConfig",
    "MadeBatch",
    "Maker",
    "MediaMaker",
    "MediaPool",
    "Mixture",
    "PoolConfig",
    "PoolEntry",
    "Shaping",
    "Source",
    "TextEncoder",
    "TextMaker",
    "build_pool",
    "check_history",
    "collate",
    "collect_texts",
    "encoder_length",
    "family_of",
    "featurise",
    "keep_patches",
    "open_pool",
    "target_picture",
    "target_sound",
    "unconditional",
]
