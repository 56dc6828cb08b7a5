"""From embedded streams to encoder rows: valid positions move to the front (spec section 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from unio.core import InputError
from unio.model.input_embedders import EmbeddedStream

__all__ = ["EncoderInput", "assemble"]


@dataclass(frozen=True, kw_only=True, eq=False)
class EncoderInput:
    """Rows ready for the encoder: valid positions first, then padding."""

    hidden: Float[Tensor, "batch length dim"]
    mask: Bool[Tensor, "batch length"]
    rotary: Float[Tensor, "batch length 2 half"]


def assemble(streams: Sequence[EmbeddedStream], *, size: int, length: int) -> EncoderInput:
    """Lay the streams of ``size`` examples into rows of ``length``, in the order given.

    Every valid position has one destination in the flattened rows; masked positions all go to a
    spare last slot that is cut off, so no array depends on how many there are. Example, two streams
    of one example, ``length=5``::

        stream 0  a b -        stream 1  - c        row  a b c 0 0

    Raises ``InputError`` if an example has none or more valid positions than ``length``; on a GPU, where
    asking would make every step wait, the device stops instead.
    """
    first = streams[0]
    filled = torch.zeros(size, dtype=torch.long, device=first.mask.device)
    destinations: list[Int[Tensor, " positions"]] = []
    for stream in streams:
        place = filled[stream.rows][:, None] + stream.mask.cumsum(1) - 1
        flat = stream.rows[:, None] * length + place
        destinations.append(torch.where(stream.mask, flat, size * length).flatten())
        filled = filled.index_add(0, stream.rows, stream.mask.sum(1))
    _check_fit(filled, length=length)
    mask = torch.arange(length, device=filled.device) < filled[:, None]
    destination = torch.cat(destinations)
    hidden = torch.cat([stream.hidden.flatten(0, 1) for stream in streams])
    rotary = torch.cat([stream.rotary.flatten(0, 1) for stream in streams])
    return EncoderInput(
        hidden=_scatter(hidden, destination, size=size, length=length),
        mask=mask,
        rotary=_scatter(rotary, destination, size=size, length=length),
    )


def _check_fit(filled: Int[Tensor, " batch"], *, length: int) -> None:
    if filled.device.type != "cpu":
        fits = ((filled > 0) & (filled <= length)).all()
        torch.ops.aten._assert_async.msg(
            fits, f"an example is empty or has more than {length} valid positions"
        )
        return
    shortest, longest = (int(extreme) for extreme in filled.aminmax())
    if shortest == 0:
        raise InputError("an example has no valid position", fix="give each example a text at least")
    if longest > length:
        raise InputError(
            "an example does not fit into its encoder row",
            got=f"{longest} valid positions",
            expected=f"at most {length}",
            fix="raise the batch's encoder_length",
        )


def _scatter(
    values: Float[Tensor, "positions ..."],
    destination: Int[Tensor, " positions"],
    *,
    size: int,
    length: int,
) -> Float[Tensor, "batch length ..."]:
    rows = values.new_zeros(size * length + 1, *values.shape[1:])
    return rows.index_copy(0, destination, values)[:-1].view(size, length, *values.shape[1:])
