"""`World`: a problem in somebody else's simulator, under way."""

from collections.abc import Mapping
from typing import Literal, Protocol

import numpy as np
from jaxtyping import Float

from unio.schema import Picture

__all__ = ["Action", "World", "WorldSplit"]

Action = str | Float[np.ndarray, " numbers"]
"""What the simulator's task family answers: a word of `navigate`, the numbers of `act` or `manipulate`."""

WorldSplit = Literal["train", "test"]


class World(Protocol):
    """A problem that changes as it is acted upon; which one it is, its maker's arguments tell alone."""

    @property
    def instruction(self) -> str:
        """What is to be done, in words."""
        ...

    @property
    def success(self) -> bool:
        """Whether the simulator itself says that it is done as it should be."""
        ...

    @property
    def done(self) -> bool:
        """Whether nothing is asked any more."""
        ...

    @property
    def figures(self) -> Mapping[str, float]:
        """What else the simulator measures, by name."""
        ...

    def picture(self) -> Picture:
        """What is seen now."""
        ...

    def expert(self) -> Action:
        """What the simulator's own expert does now."""
        ...

    def take(self, action: Action | None) -> None:
        """Act; None, for an answer that cannot be read, is lost time."""
        ...
