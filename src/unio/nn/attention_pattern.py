"""What each query of packed rows may look at, in the form its kernel takes (spec section 12, packing).

A pattern stands where a mask would: `unio.nn.Attention.attend` hands queries, keys and values to it.
No form here spreads a mask over all pairs of a row; `unio.nn.mask_pattern` has the one that does.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, flex_attention

__all__ = ["AttentionPattern", "FlexPattern", "Layout", "SegmentPattern"]


class AttentionPattern(ABC):
    """Computes attention within what it allows."""

    @abstractmethod
    def attend(
        self,
        queries: Float[Tensor, "rows heads length head_dim"],
        keys: Float[Tensor, "rows heads keys head_dim"],
        values: Float[Tensor, "rows heads keys head_dim"],
        *,
        scale: float,
    ) -> Float[Tensor, "rows heads length head_dim"]:
        """Attention of all rows; a query that may look at nothing gets zeros."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where segments lie: segment i has ``lengths[i]`` places from ``starts[i]`` on, of ``places`` in all.

    Places count through all rows, one after the other.
    """

    starts: Sequence[int]
    lengths: Sequence[int]
    places: int

    @classmethod
    def end_to_end(cls, lengths: Sequence[int]) -> "Layout":
        """Segments in one row without gaps."""
        starts = [0]
        for length in lengths:
            starts.append(starts[-1] + length)
        return cls(starts=starts[:-1], lengths=lengths, places=starts[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Places:
    """Places of ``count`` segments of ``length`` each: a run from ``start``, or an index where apart."""

    count: int
    length: int
    start: int
    index: Int[Tensor, " places"] | None

    def take(self, x: Float[Tensor, "heads places head_dim"]) -> Float[Tensor, "count heads length head_dim"]:
        """The segments side by side."""
        if self.index is None:
            taken = x.narrow(1, self.start, self.count * self.length)
        else:
            taken = x.index_select(1, self.index)
        return torch.transpose(torch.unflatten(taken, 1, (self.count, self.length)), 0, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Group:
    """Segments of one shape, attended to in one call."""

    queries: _Places
    keys: _Places
    mask: Bool[Tensor, "count 1 length keys"] | None


class SegmentPattern(AttentionPattern):
    """Each segment of queries looks at its own segment of keys, all segments of one shape in one call.

    Exact and without padding on every device; one kernel call for each different pair of lengths.

    - ``queries``, ``keys``: segment i of one looks at segment i of the other; empty ones are skipped.
    - ``is_causal``: within a segment, no query looks at later keys.
    - ``masked`` says which segments have a mask of their own, and ``make_mask`` makes the masks of some of
      them (count, 1, length, keys) from their query places (count, length); such a mask replaces causality.
    """

    def __init__(
        self,
        queries: Layout,
        keys: Layout,
        *,
        device: torch.device,
        is_causal: bool = False,
        masked: Sequence[bool] = (),
        make_mask: Callable[[Int[Tensor, "count length"]], Bool[Tensor, "count 1 length keys"]] | None = None,
    ) -> None:
        assert len(queries.lengths) == len(keys.lengths), "segments come in pairs"
        shapes: dict[tuple[int, int, bool], list[int]] = {}
        for segment, shape in enumerate(zip(queries.lengths, keys.lengths, strict=True)):
            if min(shape) > 0:
                is_masked = bool(masked) and masked[segment]
                shapes.setdefault((*shape, is_masked), []).append(segment)
        self._is_causal = is_causal
        self._places = queries.places
        self._groups: list[_Group] = []
        order: list[Tensor] = []
        for (query_length, key_length, is_masked), members in shapes.items():
            own = _place_segments([queries.starts[one] for one in members], query_length, device)
            others = _place_segments([keys.starts[one] for one in members], key_length, device)
            flat = _flat_places([queries.starts[one] for one in members], query_length)
            order.append(flat)
            mask = None
            if is_masked:
                assert make_mask is not None, "a masked segment needs its mask"
                mask = make_mask(flat.view(len(members), query_length).to(device))
            self._groups.append(_Group(queries=own, keys=others, mask=mask))
        self._back = _way_back(torch.cat(order), queries.places, device)
        self._has_gaps = sum(len(one) for one in order) < queries.places

    def attend(
        self,
        queries: Float[Tensor, "rows heads length head_dim"],
        keys: Float[Tensor, "rows heads keys head_dim"],
        values: Float[Tensor, "rows heads keys head_dim"],
        *,
        scale: float,
    ) -> Float[Tensor, "rows heads length head_dim"]:
        """One call a group, then back into the order of the rows."""
        rows, _, length, _ = queries.shape
        flat_queries, flat_keys, flat_values = _flatten(queries), _flatten(keys), _flatten(values)
        outputs: list[Tensor] = []
        for group in self._groups:
            attended = F.scaled_dot_product_attention(
                group.queries.take(flat_queries),
                group.keys.take(flat_keys),
                group.keys.take(flat_values),
                attn_mask=group.mask,
                is_causal=self._is_causal and group.mask is None,
                scale=scale,
            )
            outputs.append(attended.transpose(0, 1).flatten(1, 2))
        if self._has_gaps:
            outputs.append(flat_queries.new_zeros(flat_queries.shape[0], 1, flat_queries.shape[2]))
        together = outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=1)
        if self._back is not None:
            together = together.index_select(1, self._back)
        return torch.transpose(torch.unflatten(together, 1, (rows, length)), 0, 1)


class FlexPattern(AttentionPattern):
    """FlexAttention under a block mask: blocks that nobody looks at are never computed.

    On an accelerator the kernel is compiled; elsewhere it is PyTorch's unfused one, which has no backward
    pass there and serves to check the mask.
    """

    def __init__(self, block_mask: BlockMask) -> None:
        self.block_mask = block_mask

    def attend(
        self,
        queries: Float[Tensor, "rows heads length head_dim"],
        keys: Float[Tensor, "rows heads keys head_dim"],
        values: Float[Tensor, "rows heads keys head_dim"],
        *,
        scale: float,
    ) -> Float[Tensor, "rows heads length head_dim"]:
        """One fused call."""
        kernel = flex_attention if queries.device.type == "cpu" else _compiled_flex_attention()
        return kernel(queries, keys, values, block_mask=self.block_mask, scale=scale)


@cache
def _compiled_flex_attention() -> Callable[..., Tensor]:
    return torch.compile(flex_attention)  # pyright: ignore[reportUnknownMemberType]


def _flatten(x: Float[Tensor, "rows heads length head_dim"]) -> Float[Tensor, "heads places head_dim"]:
    """All rows one after the other; a view where there is one row."""
    return x.squeeze(0) if len(x) == 1 else x.transpose(0, 1).flatten(1, 2)


def _flat_places(starts: Sequence[int], length: int) -> Int[Tensor, " places"]:
    return (torch.tensor(starts)[:, None] + torch.arange(length)).flatten()


def _place_segments(starts: Sequence[int], length: int, device: torch.device) -> _Places:
    is_run = all(start == starts[0] + number * length for number, start in enumerate(starts))
    index = None if is_run else _flat_places(starts, length).to(device)
    return _Places(count=len(starts), length=length, start=starts[0], index=index)


def _way_back(
    order: Int[Tensor, " filled"], places: int, device: torch.device
) -> Int[Tensor, " places"] | None:
    """Which output belongs to each place, gaps to one behind the last; None: in order already."""
    if len(order) == places and torch.equal(order, torch.arange(places)):
        return None
    back = torch.full((places,), len(order))
    back[order] = torch.arange(len(order))
    return back.to(device)
