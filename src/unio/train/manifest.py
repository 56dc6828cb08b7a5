"""The manifest of a checkpoint: the SHA-256 of every other file in it, written last."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from unio.core import CheckpointError

__all__ = ["check_manifest", "flush", "hash_files", "read_json", "write_manifest"]

MANIFEST = "manifest.json"


def hash_files(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Name below ``folder`` -> SHA-256 of each file, flushed to the disk before it is read."""
    digests: dict[str, str] = {}
    for path in paths:
        flush(path)
        digests[path.relative_to(folder).as_posix()] = _sha256(path)
    return digests


def write_manifest(folder: Path, digests: Mapping[str, str]) -> None:
    """Write the manifest and flush it, and the folder's own entries."""
    path = folder / MANIFEST
    path.write_text(json.dumps(dict(sorted(digests.items())), indent=1), encoding="utf-8")
    flush(path)
    flush(folder)


def check_manifest(folder: Path) -> dict[str, str]:
    """The manifest. Raises ``CheckpointError`` if a file of it is missing or changed."""
    manifest: dict[str, str] = read_json(folder, MANIFEST)
    for name, digest in manifest.items():
        file = folder / name
        if not file.exists():
            raise _damaged(folder, f"{name} is missing")
        if _sha256(file) != digest:
            raise _damaged(folder, f"{name} does not match its hash")
    return manifest


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """The JSON file ``name`` of a checkpoint. Raises ``CheckpointError`` if it is missing or broken."""
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except OSError as error:
        raise _damaged(folder, f"{name} is missing") from error
    except ValueError as error:
        raise _damaged(folder, f"{name} is no JSON") from error


def flush(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(path: Path, got: str) -> CheckpointError:
    return CheckpointError(
        f"the checkpoint {path} is damaged", got=got, expected="the files of its manifest, unchanged"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
