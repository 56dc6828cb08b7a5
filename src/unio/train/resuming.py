"""Taking a run up again: its last checkpoint, and what has changed since, told in words."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from torch import Tensor

from unio.core import Config, UnioError
from unio.train.checkpoint import Parts, find_latest, load_checkpoint
from unio.train.feeds import FeedState
from unio.train.processes import Processes

__all__ = ["Resumed", "describe_changes", "read_state", "run_facts", "versions"]


class _Restorable(Protocol):
    """The part of a learner that resuming needs."""

    def restore(self, parts: Parts) -> None:
        """Put back what a checkpoint holds."""
        ...

    def sharding_of(self, key: str) -> Tensor | None:
        """The parameter that a tensor belongs to."""
        ...


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """Where a run stands: steps done, and what it counts across its pieces."""

    step: int = 0
    minutes: float = 0.0
    skipped: int = 0
    feed: FeedState | None = None
    is_resumed: bool = False


def read_state(
    folder: Path,
    *,
    facts: Mapping[str, Any],
    name: str,
    learner: _Restorable,
    processes: Processes,
    report: Callable[[str], None],
) -> Resumed:
    """Restore ``learner`` from the newest whole checkpoint, telling ``report`` what differs from it now.

    The first process chooses and checks the checkpoint; all read it. Raises ``CheckpointError`` if all
    there are is damaged, or another model's.
    """
    path = _chosen(folder, processes=processes, report=report)
    if path is None:
        return Resumed()
    place = learner.sharding_of if processes.size > 1 else None
    checkpoint = load_checkpoint(path, place=place, is_checked=True)
    learner.restore(checkpoint.parts)
    held = checkpoint.facts
    report(f"{name}: going on from step {checkpoint.step}")
    for change in describe_changes(held, facts, processes=processes):
        report(f"changed since the checkpoint: {change}")
    return Resumed(
        step=checkpoint.step,
        minutes=float(held.get("minutes", 0.0)),
        skipped=int(held.get("skipped", 0)),
        feed=_feed_state(held, processes=processes, report=report),
        is_resumed=True,
    )


def run_facts(run: Config, **more: str) -> dict[str, Any]:
    """What a checkpoint keeps of the run it belongs to: its kind, its settings, and ``more``."""
    config = run.model_dump(mode="json")
    return {"kind": config["kind"], "config": config, **more}


def versions() -> dict[str, str]:
    """The versions that a run's numbers may depend on."""
    try:
        own = version("unio")
    except PackageNotFoundError:  # run from a source tree that is not installed
        own = "unknown"
    return {"unio": own, "torch": str(torch.__version__), "python": platform.python_version()}


def describe_changes(held: Mapping[str, Any], facts: Mapping[str, Any], *, processes: Processes) -> list[str]:
    """What differs between a checkpoint's facts and now: settings, versions, processes."""
    held_versions = held.get("versions", {})
    # Another version may know settings that this checkpoint could not have: they are no changes.
    is_same_unio = held_versions == versions()
    found = _changes(held.get("config", {}), facts.get("config", {}), with_new=is_same_unio)
    found += _changes(held_versions, versions(), with_new=False)
    if "products" in held:
        found += _changes({"products": held["products"]}, facts, with_new=False)
    before = int(held.get("processes", processes.size))
    if before != processes.size:
        found.append(f"processes: {before} -> {processes.size}")
    return found


def _chosen(folder: Path, *, processes: Processes, report: Callable[[str], None]) -> Path | None:
    """The first process's choice, in every process; its error too."""
    choice: Path | UnioError | None = None
    if processes.is_first:
        try:
            choice = find_latest(folder, report=report)
        except UnioError as error:
            if processes.size == 1:
                raise
            choice = UnioError(str(error))
    choice = processes.gather(choice)[0]
    if isinstance(choice, UnioError):
        raise choice
    return choice


def _feed_state(
    held: Mapping[str, Any], *, processes: Processes, report: Callable[[str], None]
) -> FeedState | None:
    """This process's feed state.

    Where the processes are not those that saved it, the states of packing streams are joined: each
    process takes its own out. Other states are told and left out.
    """
    states = cast(list[FeedState | None], held.get("feed") or [None] * processes.size)
    packed = [state["packing"] for state in states if state is not None and "packing" in state]
    if packed and len(packed) == len(states):
        return {"packing": {name: value for state in packed for name, value in state.items()}}
    if len(states) == processes.size:
        return states[processes.rank]
    if any(state is not None for state in states):
        report("examples that waited to be packed belong to other processes: they are made anew")
    return None


def _changes(
    before: Mapping[str, Any], now: Mapping[str, Any], *, with_new: bool, prefix: str = ""
) -> list[str]:
    """Settings that differ, as ``key: old -> new``; ``with_new``: those that only ``now`` has, too."""
    found: list[str] = []
    for key in sorted({*before, *now} if with_new else before):
        old, new = before.get(key), now.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += _changes(
                cast(Mapping[str, Any], old),
                cast(Mapping[str, Any], new),
                with_new=with_new,
                prefix=f"{prefix}{key}.",
            )
        elif old != new:
            found.append(f"{prefix}{key}: {old} -> {new}")
    return found
