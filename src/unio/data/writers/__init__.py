"""Writers: the playroom as data sets in the formats that people have, in shards that can be gone on with."""

from unio.data.writers.coco import CocoShards
from unio.data.writers.conversations import WRITTEN_FAMILIES, ConversationShards
from unio.data.writers.demonstrations import DemonstrationShards
from unio.data.writers.lerobot import EpisodeShards
from unio.data.writers.shards import BUILDER, Plan, ShardMaker, write_shards
from unio.data.writers.webdataset import TarShards

__all__ = [
    "BUILDER",
    "WRITTEN_FAMILIES",
    "CocoShards",
    "ConversationShards",
    "DemonstrationShards",
    "EpisodeShards",
    "Plan",
    "ShardMaker",
    "TarShards",
    "write_shards",
]
