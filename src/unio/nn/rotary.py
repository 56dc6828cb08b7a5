"""Rotary position embeddings on a line and on a grid, interleaved pairs (spec section 8).

A *rotary table* holds cosine and sine for each position: shape ``(..., 2, half)`` with
``half = head_dim / 2``, cosines first. It is gathered and moved about like any other per-position
array, and turns the pair ``(x[2i], x[2i + 1])`` by angle i.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

__all__ = ["grid_rotary", "line_rotary", "rotate"]

BASE = 10000.0


def line_rotary(positions: Int[Tensor, "*shape"], *, head_dim: int) -> Float[Tensor, "*shape 2 half"]:
    """The table of a 1-D sequence: ``angle_i = position * 10000^(-2 i / head_dim)``, i < head_dim / 2."""
    return _cosine_sine(_angles(positions.float(), width=head_dim))


def grid_rotary(
    positions: Int[Tensor, "*shape"], *, columns: int, head_dim: int, multiplier: float = 1.0
) -> Float[Tensor, "*shape 2 half"]:
    """The table of a grid whose cells are numbered row-major, ``columns`` to a row.

    Rows turn the first half of the head, columns the second; each half has the frequencies of a
    head of half the size. ``multiplier`` stretches the coordinates, so that a coarse grid spans the
    same angles as a fine one.

    Example: position 7 with ``columns=5`` is row 1, column 2.
    """
    rows = torch.div(positions, columns, rounding_mode="floor").float() * multiplier
    remainders = (positions % columns).float() * multiplier
    width = head_dim // 2
    return _cosine_sine(torch.cat([_angles(rows, width=width), _angles(remainders, width=width)], dim=-1))


def rotate(
    x: Float[Tensor, "batch heads length head_dim"], rotary: Float[Tensor, "#batch length 2 half"]
) -> Float[Tensor, "batch heads length head_dim"]:
    """``x`` with each pair of channels turned by its position's angle, in the dtype of ``x``."""
    cosine, sine = rotary.to(x.dtype).unsqueeze(1).unbind(-2)
    even, odd = x.view(*x.shape[:-1], -1, 2).unbind(-1)
    return torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], dim=-1).flatten(-2)


def _angles(coordinates: Float[Tensor, "*shape"], *, width: int) -> Float[Tensor, "*shape frequencies"]:
    exponents = torch.arange(0, width, 2, dtype=torch.float32, device=coordinates.device) / width
    return coordinates.unsqueeze(-1) * BASE**-exponents


def _cosine_sine(angles: Float[Tensor, "*shape half"]) -> Float[Tensor, "*shape 2 half"]:
    return torch.stack([angles.cos(), angles.sin()], dim=-2)
