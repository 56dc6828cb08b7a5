"""Checkpoints: safetensors and JSON, written whole or not at all.

A checkpoint is a folder ``step-00001200`` of one safetensors file a part (``model``, ``optimiser``,
``average``), ``facts.json``, and last ``manifest.json`` with the SHA-256 of every file. Where tensors
lie in several processes, ``shards/`` takes the place of the safetensors files. It is written under a
temporary name, flushed to the disk and renamed, so that a folder with the final name is complete; the
hashes catch what happens to it later.
"""

import json
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import torch.distributed as dist
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.core import CheckpointError
from unio.train.manifest import check_manifest, flush, hash_files, read_json, write_manifest
from unio.train.sharded_files import Place, is_sharded, owner, read_shards, share_like, write_shards

__all__ = [
    "Checkpoint",
    "Parts",
    "Team",
    "checkpoint_folders",
    "find_latest",
    "load_checkpoint",
    "load_latest",
    "loading_state",
    "save_checkpoint",
    "unfinished_folders",
]

FACTS = "facts.json"
SHARDS = "shards"
PARTIAL = ".partial"

Parts = Mapping[str, Mapping[str, Tensor]]

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkpoint:
    """Everything a run needs to go on: ``step`` steps are done."""

    step: int
    parts: Parts
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True, eq=False)
class Team:
    """The processes that write one checkpoint: this one's ``rank``, and the ``group`` they meet in."""

    rank: int = 0
    group: dist.ProcessGroup | None = None

    def gather(self, value: dict[str, str]) -> dict[str, str]:
        """Every process's entries, in the first process; its own in the others."""
        if self.group is None:
            return value
        found: list[Any] | None = [None] * dist.get_world_size(self.group) if self.rank == 0 else None
        dist.gather_object(value, found, group=self.group, group_dst=0)
        return {name: digest for one in found or [value] for name, digest in one.items()}

    def wait(self) -> None:
        """Until every process is here."""
        if self.group is not None:
            cast(Any, dist).barrier(self.group)  # its arguments have no types

    def together(self, work: Callable[[], T], *, first_only: bool = False) -> T | None:
        """Do ``work`` in every process, or in the first alone; None where it is not done.

        Raises ``OSError`` in every process if it fails in one: none waits for another that has given up.
        """
        result, failure = None, ""
        try:
            if self.rank == 0 or not first_only:
                result = work()
        except (OSError, SafetensorError) as error:
            failure = f"process {self.rank}: {error}" if self.group is not None else str(error)
        failures = [failure]
        if self.group is not None:
            failures = [""] * dist.get_world_size(self.group)
            cast(Any, dist).all_gather_object(failures, failure, group=self.group)
        if told := [one for one in failures if one]:
            raise OSError(told[0])
        return result


def save_checkpoint(folder: Path, checkpoint: Checkpoint, *, keep: int, team: Team | None = None) -> Path:
    """Write ``checkpoint`` into ``folder`` and keep the last ``keep`` up to it; its own folder is returned.

    Those of later steps are removed: they were damaged, as the run went on from before them. Every process of
    ``team`` must call it with its own share. Raises ``CheckpointError`` if it cannot be written (a full
    disk); older checkpoints stay as they are.
    """
    team = team or Team()
    final = folder / f"step-{checkpoint.step:08d}"
    partial = final.with_name(final.name + PARTIAL)
    try:
        team.together(lambda: _begin(partial), first_only=True)
        digests = _write_tensors(partial, checkpoint.parts, team)
        team.together(lambda: _finish(partial, final, checkpoint, digests), first_only=True)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise CheckpointError(
            f"cannot write the checkpoint {final}",
            got=" ".join(str(error).split()),
            fix="free some space and run the same command again",
        ) from error
    if team.rank == 0:
        whole = checkpoint_folders(folder)
        place = whole.index(final)
        for old in [*whole[: max(place - keep + 1, 0)], *whole[place + 1 :]]:  # later ones were passed over
            _remove(old)
    return final


def load_latest(folder: Path, *, report: Callable[[str], None]) -> Checkpoint | None:
    """The newest whole checkpoint, None if there are none at all; see `find_latest`."""
    path = find_latest(folder, report=report)
    return None if path is None else load_checkpoint(path)


def find_latest(folder: Path, *, report: Callable[[str], None]) -> Path | None:
    """The folder of the newest whole checkpoint, None if there are none at all.

    A damaged one is told to ``report`` and passed over. Raises ``CheckpointError`` if all are
    damaged: starting over would throw the work away unasked.
    """
    problems: list[str] = []
    for path in reversed(checkpoint_folders(folder)):
        try:
            check_manifest(path)
        except CheckpointError as error:
            problems.append(str(error))
            report(f"{error}; falling back to the one before")
        else:
            return path
    if problems:
        raise CheckpointError(
            f"every checkpoint in {folder} is damaged",
            got=problems[0],
            fix="restore one from a backup, or remove the folder to start over",
        )
    return None


def load_checkpoint(path: Path, *, place: Place | None = None, is_checked: bool = False) -> Checkpoint:
    """Read one checkpoint, written by any number of processes.

    With ``place``, tensors of sharded parameters come back sharded, each process holding its share; all
    processes must call it. ``is_checked`` leaves out the check of the hashes, which `find_latest` has
    made. Raises ``CheckpointError`` if a file is missing, cut short or changed.
    """
    manifest = read_json(path, "manifest.json") if is_checked else check_manifest(path)
    facts = read_json(path, FACTS)
    if (path / SHARDS).is_dir():
        parts = read_shards(path / SHARDS, names=list(facts.get("parts", [])), place=place)
    else:
        files = [file for file in manifest if file.endswith(".safetensors")]
        parts = {file.removesuffix(".safetensors"): _read_whole(path / file, place) for file in files}
    return Checkpoint(step=int(facts["step"]), parts=parts, facts=facts)


def checkpoint_folders(folder: Path) -> list[Path]:
    """Complete checkpoints in ``folder``, oldest first."""
    return sorted(path for path in folder.glob("step-*") if not path.name.endswith(PARTIAL))


def unfinished_folders(folder: Path) -> list[Path]:
    """What was cut short in ``folder``, while being written or removed."""
    return sorted(folder.glob(f"step-*{PARTIAL}"))


def _begin(partial: Path) -> None:
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)


def _write_tensors(folder: Path, parts: Parts, team: Team) -> dict[str, str]:
    """Write this process's share; the hashes of all files, in the first process."""
    if team.group is None and not is_sharded(parts):
        return team.together(lambda: _write_whole(folder, parts)) or {}
    write_shards(parts, folder / SHARDS, group=team.group)
    return team.gather(team.together(lambda: _hash_own(folder, team.rank)) or {})


def _write_whole(folder: Path, parts: Parts) -> dict[str, str]:
    for name, tensors in parts.items():
        plain = {key: value.detach().contiguous() for key, value in tensors.items()}
        save_file(plain, folder / f"{name}.safetensors")
    return hash_files(folder, sorted(folder.iterdir()))


def _hash_own(folder: Path, rank: int) -> dict[str, str]:
    mine = [path for path in sorted((folder / SHARDS).iterdir()) if (owner(path.name) or 0) == rank]
    return hash_files(folder, mine)


def _finish(partial: Path, final: Path, checkpoint: Checkpoint, digests: dict[str, str]) -> None:
    """Facts, manifest, the final name: from here on the checkpoint is there."""
    facts = {"step": checkpoint.step, "parts": list(checkpoint.parts), **checkpoint.facts}
    (partial / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    flush(partial / FACTS)
    write_manifest(partial, {**digests, **hash_files(partial, [partial / FACTS])})
    if final.exists():
        _remove(final)
    partial.rename(final)
    flush(final.parent)


def _remove(checkpoint: Path) -> None:
    """Take a checkpoint away: its name first, so that one killed in between leaves none half there."""
    doomed = checkpoint.with_name(f"{checkpoint.name}.old{PARTIAL}")
    shutil.rmtree(doomed, ignore_errors=True)
    checkpoint.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _read_whole(file: Path, place: Place | None) -> dict[str, Tensor]:
    """One part; tensors of sharded parameters cut down to this process's share."""
    tensors = load_file(file)
    if place is None:
        return tensors
    placed: dict[str, Tensor] = {}
    for key, value in tensors.items():
        placed[key] = share_like(value, place(key))
    return placed


@contextmanager
def loading_state(owner: str) -> Generator[None]:
    """State dicts are loaded inside: those of another ``owner`` raise one ``CheckpointError``."""
    try:
        yield
    except (RuntimeError, KeyError) as error:
        raise CheckpointError(
            f"the checkpoint belongs to another {owner}",
            got=str(error).splitlines()[-1].strip(),
            fix="resume with its configuration, or start in another folder",
        ) from error
