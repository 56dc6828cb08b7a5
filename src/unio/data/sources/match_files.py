"""Files of a data set's folder by a pattern, never outside it."""

from pathlib import Path

from unio.core import InputError

__all__ = ["match_files"]


def match_files(folder: Path, pattern: str) -> list[Path]:
    """Files of ``folder`` that a pattern names, sorted; never outside it."""
    if pattern.startswith("/") or ".." in Path(pattern).parts or ":" in pattern:
        raise InputError(
            "a pattern leads out of the data set's folder", got=repr(pattern), expected="a relative pattern"
        )
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise InputError(f"{folder} has no {pattern}", fix="see the builder's `folder` for what it expects")
    return found
