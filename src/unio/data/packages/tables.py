"""Tables that the packages' data are laid out in: a JSONL file for each split, media in files beside it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from unio.core import InputError
from unio.data.packages.package import Files
from unio.media import write_whole

__all__ = ["find_data", "split_of", "write_table"]

TEST_SHARE = 20
"""One of so many entries is kept for the test split."""


def split_of(key: str) -> str:
    """``train`` or ``test``, by a digest of what an entry is called: the same in every version."""
    digest = hashlib.sha256(key.encode()).digest()
    return "test" if int.from_bytes(digest[:4], "big") % TEST_SHARE == 0 else "train"


def write_table(
    folder: Path, name: str, rows: Iterable[tuple[str, Mapping[str, Any]]], *, package: str
) -> dict[str, int]:
    """Write ``(split, row)`` pairs as ``NAME-train.jsonl`` and ``NAME-test.jsonl``; gives rows of each.

    Raises ``InputError`` where nothing is to be trained on: the package is not what it was.
    """
    lines: dict[str, list[str]] = {"train": [], "test": []}
    for split, row in rows:
        lines[split].append(json.dumps(row, ensure_ascii=False))
    if not lines["train"]:
        raise InputError(
            f"{package} holds no {name} in the layout that unio knows", fix="take another version"
        )
    for split, texts in lines.items():
        write_whole(folder / f"{name}-{split}.jsonl", "".join(f"{text}\n" for text in texts).encode())
    return {f"{name}-{split}": len(texts) for split, texts in lines.items()}


def find_data(files: Files, name: str, *, package: str) -> bytes:
    """A file that a package must hold. Raises ``InputError`` where it does not."""
    if name not in files:
        raise InputError(f"{package} has no {name}", fix="take another version")
    return files[name]
