"""Keys and values written where a tensor says: one compiled function or captured graph serves all positions.

`KeyValueCache` slices by numbers that the host knows, which is the faster way where every operation is
launched from Python, and a new shape at every step. Here shapes stay, and what lies beyond a row's
position is masked.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from unio.nn.attention import KeysValues

__all__ = ["PlacedCache", "visible_keys"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PlacedCache:
    """One layer's keys and values, or the first positions of them, and where the next ones go.

    ``places`` are decoder positions below ``room``.
    """

    keys: Float[Tensor, "rows heads room head_dim"]
    values: Float[Tensor, "rows heads room head_dim"]
    places: Int[Tensor, "rows steps"]

    def write(self, new: KeysValues) -> KeysValues:
        """Store ``new`` and return all there is room for; `visible_keys` tells what is filled."""
        rows = torch.arange(len(self.keys), device=self.keys.device)[:, None]
        self.keys[rows, :, self.places] = new.keys.transpose(1, 2).to(self.keys.dtype)
        self.values[rows, :, self.places] = new.values.transpose(1, 2).to(self.values.dtype)
        return KeysValues(keys=self.keys, values=self.values)


def visible_keys(places: Int[Tensor, "rows steps"], *, room: int) -> Bool[Tensor, "rows 1 steps room"]:
    """True where a position may look: at itself and what comes before it.

    Example::

        places  [[2]]    room  4    ->    [[[[1 1 1 0]]]]
    """
    keys = torch.arange(room, device=places.device)
    return (keys <= places.unsqueeze(-1)).unsqueeze(1)
