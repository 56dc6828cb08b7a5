"""Preallocated keys and values of cached decoding, with one clock shared by all layers (spec section 14).

Rows may stand at different positions. While they all stand at the same one, which is the usual
case, writing is a slice and reading needs no mask.
"""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from unio.nn.attention import KeysValues

__all__ = ["CacheClock", "KeyValueCache"]


class CacheClock:
    """How far each row of a cache is filled.

    ``lengths`` (rows,) counts the filled positions of each row; ``filled`` is the most of any row and
    ``is_uniform`` says that all rows agree. Both are kept on the host, so that reading them never
    waits for an accelerator.
    """

    def __init__(self, rows: int, *, device: torch.device) -> None:
        self.lengths: Int[Tensor, " rows"] = torch.zeros(rows, dtype=torch.long, device=device)
        self.filled = 0
        self.is_uniform = True

    def positions(self, steps: int) -> Int[Tensor, "rows steps"]:
        """Where the next ``steps`` entries of each row go."""
        return self.lengths[:, None] + torch.arange(steps, device=self.lengths.device)

    def mask(self, steps: int) -> Bool[Tensor, "rows 1 steps keys"] | None:
        """True where each of the next ``steps`` may look; None where one step may see all there is."""
        if self.is_uniform and steps == 1:
            return None
        keys = torch.arange(self.filled + steps, device=self.lengths.device)
        return (keys <= self.positions(steps).unsqueeze(-1)).unsqueeze(1)

    def advance(self, steps: int) -> None:
        """Count ``steps`` more entries in every row."""
        self.lengths = self.lengths + steps
        self.filled += steps

    def rewind(self, lengths: Int[Tensor, " rows"]) -> None:
        """Forget what lies beyond ``lengths``; the next entries overwrite it."""
        self.lengths = torch.minimum(lengths.to(self.lengths), self.lengths)
        self.filled = int(self.lengths.max())
        self.is_uniform = bool((self.lengths == self.filled).all())

    def select(self, rows: Int[Tensor, " selected"]) -> None:
        """Keep the given rows, in the given order; one may be named twice."""
        self.lengths = self.lengths[rows]


class KeyValueCache:
    """Self-attention keys and values of one layer, room for ``max_length`` positions a row."""

    def __init__(
        self,
        rows: int,
        *,
        num_heads: int,
        max_length: int,
        head_dim: int,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        shape = (rows, num_heads, max_length, head_dim)
        self._keys = torch.zeros(shape, device=device, dtype=dtype)
        self._values = torch.zeros(shape, device=device, dtype=dtype)

    @property
    def max_length(self) -> int:
        """Positions a row has room for."""
        return self._keys.shape[2]

    def first(self, room: int) -> KeysValues:
        """The first ``room`` positions, filled or not: writing into them writes into the cache."""
        return KeysValues(keys=self._keys[:, :, :room], values=self._values[:, :, :room])

    def write(self, new: KeysValues, *, clock: CacheClock) -> KeysValues:
        """Store ``new`` at the clock's positions and return everything filled so far, ``new`` included.

        The clock is not moved: one step writes to every layer, then `CacheClock.advance` is called once.
        """
        steps = new.keys.shape[2]
        end = clock.filled + steps
        if clock.is_uniform:
            self._keys[:, :, clock.filled : end] = new.keys
            self._values[:, :, clock.filled : end] = new.values
        else:
            rows = torch.arange(len(self._keys), device=self._keys.device)[:, None]
            positions = clock.positions(steps)
            self._keys[rows, :, positions] = new.keys.transpose(1, 2).to(self._keys.dtype)
            self._values[rows, :, positions] = new.values.transpose(1, 2).to(self._values.dtype)
        return KeysValues(keys=self._keys[:, :, :end], values=self._values[:, :, :end])

    def select(self, rows: Int[Tensor, " selected"]) -> None:
        """Keep the given rows, in the given order."""
        self._keys = self._keys[rows]
        self._values = self._values[rows]
