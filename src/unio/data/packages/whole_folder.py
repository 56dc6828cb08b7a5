"""A folder that is there whole or not at all."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from unio.core import InputError

__all__ = ["whole_folder"]


@contextmanager
def whole_folder(folder: Path) -> Generator[Path]:
    """An empty folder to fill, which becomes ``folder`` when the block ends well, and else is removed.

    It is made under another name beside ``folder``, which must not exist yet: one that is there is complete.
    Raises ``InputError`` for a folder that is there or cannot be written.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already", fix="use it, or remove it to fetch it again")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise InputError(f"cannot write {folder}", got=error.strerror, expected="a place for it") from error
    try:
        (work / "data").mkdir(mode=0o755)  # mkdtemp's own folder is closed to everyone else
        yield work / "data"
        (work / "data").rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
