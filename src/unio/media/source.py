"""Reading a file or bytes up to a limit, before any decoder sees them."""

from pathlib import Path

from unio.core import InputError

__all__ = ["read_source"]


def read_source(source: str | Path | bytes, *, kind: str, max_bytes: int) -> tuple[bytes, str]:
    """The raw bytes of ``source`` and the name errors call it.

    ``kind`` is "picture" or "sound". Reading stops one byte behind the limit. Raises ``InputError``
    for a file that is missing, unreadable, empty or larger than ``max_bytes``.
    """
    if isinstance(source, bytes):
        name = f"the given {kind}"
        raw = source
    else:
        path = Path(source)
        name = str(path)
        try:
            with path.open("rb") as file:
                raw = file.read(max_bytes + 1)
        except OSError as error:
            raise InputError(f"cannot read {path}", got=error.strerror, expected=f"a {kind} file") from error
    if not raw:
        raise InputError(f"{name} is empty", got="0 bytes", expected=f"a {kind} file")
    if len(raw) > max_bytes:
        raise InputError(
            f"{name} is too large",
            got=f"more than {max_bytes:,} bytes",
            expected=f"at most {max_bytes:,} bytes",
            fix=f"use a smaller {kind} or raise the limit max_bytes",
        )
    return raw, name
