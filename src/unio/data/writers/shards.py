"""`write_shards`: a data set in shards, made by several processes, and gone on with where it was cut short.

Every shard is a pure function of its number. Its marker, the file written last, says that it is whole;
every file appears under its own name only when it is complete.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from unio.core import ConfigError
from unio.data.workers import ignore_signals, single_threaded, spawn_context
from unio.media import write_whole

__all__ = ["BUILDER", "Plan", "ShardMaker", "write_shards"]

BUILDER = "builder.yaml"
"""In every folder written: how `unio.data.sources.builder` opens it."""

DESCRIPTION = "written.json"


class ShardMaker(Protocol):
    """What a format writes; picklable, so that worker processes can hold one."""

    def marker(self, shard: int) -> str:
        """Name of the file that a shard writes last."""
        ...

    def write(self, folder: Path, shard: int, numbers: range) -> None:
        """Write the entries ``numbers``, the marker last."""
        ...

    def finish(self, folder: Path, plan: "Plan") -> None:
        """Write what speaks of all shards, when all of them are there."""
        ...

    def settings(self) -> dict[str, Any]:
        """What the content depends on, as plain values."""
        ...

    def builder(self, plan: "Plan") -> dict[str, Any]:
        """The builder's values that open the folder again."""
        ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``count`` entries, ``per_shard`` in each shard but the last."""

    count: int
    per_shard: int

    def __post_init__(self) -> None:
        for name in ("count", "per_shard"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is too small", got=getattr(self, name), expected="1 or more")

    @property
    def shards(self) -> int:
        """How many shards that makes."""
        return -(-self.count // self.per_shard)

    def numbers(self, shard: int) -> range:
        """The entries of a shard."""
        first = shard * self.per_shard
        return range(first, min(first + self.per_shard, self.count))


def write_shards(
    maker: ShardMaker,
    folder: Path,
    *,
    plan: Plan,
    workers: int = 0,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Write what is missing of a data set; ``report`` is called with (entries there, entries in all).

    ``workers`` processes write, 0 writes in this one. Raises ``ConfigError`` if the folder holds what was
    written with other settings, ``InputError`` where the system refuses.
    """
    _check_description(folder, maker, plan)
    missing = [shard for shard in range(plan.shards) if not (folder / maker.marker(shard)).exists()]
    done = plan.count - sum(len(plan.numbers(shard)) for shard in missing)
    report(done, plan.count)
    for shard in _written(maker, folder, missing, plan, workers):
        done += len(plan.numbers(shard))
        report(done, plan.count)
    maker.finish(folder, plan)
    text = yaml.safe_dump(maker.builder(plan), sort_keys=False)
    write_whole(folder / BUILDER, text.encode())


def _written(
    maker: ShardMaker, folder: Path, missing: Sequence[int], plan: Plan, workers: int
) -> Iterator[int]:
    """The missing shards, each when it is there."""
    if workers == 0 or len(missing) < 2:
        for shard in missing:
            maker.write(folder, shard, plan.numbers(shard))
            yield shard
        return
    with (
        single_threaded(),
        ProcessPoolExecutor(workers, mp_context=spawn_context(), initializer=ignore_signals) as executor,
    ):
        jobs = {executor.submit(maker.write, folder, shard, plan.numbers(shard)): shard for shard in missing}
        try:
            for job in as_completed(jobs):
                job.result()
                yield jobs[job]
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _check_description(folder: Path, maker: ShardMaker, plan: Plan) -> None:
    wanted = {**maker.settings(), "count": plan.count, "per_shard": plan.per_shard}
    path = folder / DESCRIPTION
    if not path.exists():
        write_whole(path, f"{json.dumps(wanted, indent=1)}\n".encode())
        return
    held: dict[str, Any] = json.loads(path.read_bytes())
    changed = [name for name in sorted({*wanted, *held}) if held.get(name) != wanted.get(name)]
    if changed:
        raise ConfigError(
            f"{folder} was written with other settings",
            got=f"another {', '.join(changed)}",
            fix="name another folder, or remove this one",
        )
