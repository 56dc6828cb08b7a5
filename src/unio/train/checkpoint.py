"""Checkpoints: safetensors and JSON, written whole or not at all.

A checkpoint is a folder ``step-00001200`` of one safetensors file a part (``model``, ``optimiser``,
``average``), ``facts.json``, and last ``manifest.json`` with the SHA-256 of every file. It is
written under a temporary name, flushed to the disk and renamed, so that a folder with the final name
is complete; the hashes catch what happens to it later.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from unio.core import CheckpointError

__all__ = ["Checkpoint", "checkpoint_folders", "load_checkpoint", "load_latest", "save_checkpoint"]

FACTS = "facts.json"
MANIFEST = "manifest.json"
PARTIAL = ".partial"

Parts = Mapping[str, Mapping[str, Tensor]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkpoint:
    """Everything a run needs to go on: ``step`` steps are done."""

    step: int
    parts: Parts
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def save_checkpoint(folder: Path, checkpoint: Checkpoint, *, keep: int) -> Path:
    """Write ``checkpoint`` into ``folder`` and keep the last ``keep`` there; its own folder is returned.

    Raises ``CheckpointError`` if it cannot be written (a full disk); older checkpoints stay as they are.
    """
    final = folder / f"step-{checkpoint.step:08d}"
    partial = final.with_name(final.name + PARTIAL)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _write_files(partial, checkpoint)
        shutil.rmtree(final, ignore_errors=True)
        partial.rename(final)
        _flush(folder)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise CheckpointError(
            f"cannot write the checkpoint {final}",
            got=" ".join(str(error).split()),
            fix="free some space and run the same command again",
        ) from error
    for old in checkpoint_folders(folder)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def load_latest(folder: Path, *, report: Callable[[str], None]) -> Checkpoint | None:
    """The newest whole checkpoint, None if there are none at all.

    A damaged one is told to ``report`` and passed over. Raises ``CheckpointError`` if all are
    damaged: starting over would throw the work away unasked.
    """
    folders = checkpoint_folders(folder)
    problems: list[str] = []
    for path in reversed(folders):
        try:
            return load_checkpoint(path)
        except CheckpointError as error:
            problems.append(str(error))
            report(f"{error}; falling back to the one before")
    if problems:
        raise CheckpointError(
            f"every checkpoint in {folder} is damaged",
            got=problems[0],
            fix="restore one from a backup, or remove the folder to start over",
        )
    return None


def load_checkpoint(path: Path) -> Checkpoint:
    """Read one checkpoint. Raises ``CheckpointError`` if a file is missing, cut short or changed."""
    manifest = _read_json(path / MANIFEST, path)
    for name, digest in manifest.items():
        file = path / name
        if not file.exists():
            raise _damaged(path, f"{name} is missing")
        if _sha256(file) != digest:
            raise _damaged(path, f"{name} does not match its hash")
    facts = _read_json(path / FACTS, path)
    parts = {
        file.removesuffix(".safetensors"): load_file(path / file)
        for file in manifest
        if file.endswith(".safetensors")
    }
    return Checkpoint(step=int(facts["step"]), parts=parts, facts=facts)


def checkpoint_folders(folder: Path) -> list[Path]:
    """Complete checkpoints in ``folder``, oldest first."""
    return sorted(path for path in folder.glob("step-*") if not path.name.endswith(PARTIAL))


def _write_files(folder: Path, checkpoint: Checkpoint) -> None:
    for name, tensors in checkpoint.parts.items():
        plain = {key: value.detach().contiguous() for key, value in tensors.items()}
        save_file(plain, folder / f"{name}.safetensors")
    facts = {"step": checkpoint.step, **checkpoint.facts}
    (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    hashes = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
    for path in folder.iterdir():
        _flush(path)
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(hashes, indent=1), encoding="utf-8")
    _flush(manifest)
    _flush(folder)


def _read_json(file: Path, checkpoint: Path) -> dict[str, Any]:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _damaged(checkpoint, f"{file.name} is missing") from error
    except ValueError as error:
        raise _damaged(checkpoint, f"{file.name} is no JSON") from error


def _damaged(path: Path, got: str) -> CheckpointError:
    return CheckpointError(
        f"the checkpoint {path} is damaged", got=got, expected="the files of its manifest, unchanged"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
