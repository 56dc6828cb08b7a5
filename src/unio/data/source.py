"""`Source`: where examples come from."""

from typing import Protocol

from unio.schema import Example

__all__ = ["Source"]


class Source(Protocol):
    """Where examples come from: a pure function of its arguments, and picklable."""

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of ``task``."""
        ...
