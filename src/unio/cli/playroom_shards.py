"""Data sets of the playroom: what `unio playroom render --format` writes."""

from pathlib import Path
from typing import TYPE_CHECKING

from unio.core import InputError

if TYPE_CHECKING:
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.writers import ShardMaker

__all__ = ["FORMATS", "write_data_set"]

FORMATS = ("files", "webdataset", "webdataset-sounds", "jsonl", "coco", "lerobot")
"""``files`` is one scene for people; the others are data sets."""


def write_data_set(
    out: Path,
    *,
    kind: str,
    split: str,
    world: str,
    size: int,
    seed: int,
    count: int,
    per_shard: int,
    workers: int,
) -> str:
    """Write what is missing of a data set, and say what is there now.

    Raises ``InputError`` for an unknown format, split or world, and as `write_shards` does.
    """
    from unio.cli.progress import show_progress
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.writers import Plan, write_shards
    from unio.playroom import WORLDS, World
    from unio.playroom.scene import check_split

    worlds: dict[str, World] = {known: known for known in WORLDS}
    if world not in worlds:
        raise InputError("unknown world", got=repr(world), expected=f"one of {', '.join(worlds)}")
    source = PlayroomSource(split=check_split(split), size=size, examples_per_scene=1, world=worlds[world])
    maker = _maker(kind, source, seed=seed)
    plan = Plan(count=count, per_shard=per_shard)
    with show_progress(count) as report:
        told = [0]

        def tell(done: int, total: int) -> None:
            del total
            report(kind, done - told[0])
            told[0] = done

        write_shards(maker, out, plan=plan, workers=workers, report=tell)
    return f"{count} in {plan.shards} shards: {out}"


def _maker(kind: str, source: "PlayroomSource", *, seed: int) -> "ShardMaker":
    from unio.data.writers import CocoShards, ConversationShards, EpisodeShards, TarShards

    match kind:
        case "webdataset":
            return TarShards(source=source, kind="scenes", seed=seed)
        case "webdataset-sounds":
            return TarShards(source=source, kind="sounds", seed=seed)
        case "jsonl":
            return ConversationShards(source=source, seed=seed)
        case "coco":
            return CocoShards(source=source, seed=seed)
        case "lerobot":
            return EpisodeShards(source=source, seed=seed)
        case _:
            raise InputError("unknown format", got=repr(kind), expected=f"one of {', '.join(FORMATS)}")
