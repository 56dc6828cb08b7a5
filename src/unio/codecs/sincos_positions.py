"""Fixed two-dimensional sine-cosine positions (spec section 11)."""

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["sincos_positions"]


def _axis_table(coordinates: Float[Tensor, " places"], *, dim: int) -> Float[Tensor, "places dim"]:
    """Sines then cosines of ``coordinate * 10000^(-2 i / dim)``, i < dim / 2."""
    steps = torch.arange(dim // 2, device=coordinates.device, dtype=torch.float64)
    angles = coordinates[:, None] * 10000.0 ** (-2 * steps / dim)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def sincos_positions(
    grid: tuple[int, int], *, dim: int, device: torch.device | None = None
) -> Float[Tensor, "places dim"]:
    """Positions of a (down, across) grid, row-major: column in the first half of dim, row in the second.

    Made anew wherever needed rather than stored: it is no weight, and a model on the meta device has none.

    Example, grid (2, 2), dim 4::

        place      sin column  cos column  sin row  cos row
        (0, 0)           0.00        1.00     0.00     1.00
        (0, 1)           0.84        0.54     0.00     1.00
        (1, 0)           0.00        1.00     0.84     0.54
        (1, 1)           0.84        0.54     0.84     0.54
    """
    down, across = (torch.arange(size, device=device, dtype=torch.float64) for size in grid)
    columns = _axis_table(across, dim=dim // 2).repeat(len(down), 1)
    rows = _axis_table(down, dim=dim // 2).repeat_interleave(len(across), dim=0)
    return torch.cat([columns, rows], dim=1).float()
