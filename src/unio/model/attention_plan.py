"""Which attention pattern each part of the trunk uses for a packed batch (spec sections 10 and 12).

==========  ===============================================================================
backend     form
==========  ===============================================================================
segments    one call for all examples of equal lengths: exact, any device, nothing compiled
mask        one call under a boolean mask over the rows: any device, one shape for compiled code
flex        FlexAttention's block mask over the rows: one kernel whatever the lengths are; learns on
            accelerators only
auto        segments on the CPU, flex elsewhere
==========  ===============================================================================
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Bool, Int
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, create_block_mask

from unio.model.dynamic_mask import DynamicMask, closed_slots, dynamic_mask
from unio.nn.attention_pattern import AttentionPattern, FlexPattern, Layout, SegmentPattern
from unio.nn.mask_pattern import MaskPattern
from unio.schema import Packing, Segments, Target, TargetModality

__all__ = ["AttentionBackend", "AttentionPlan", "plan_attention"]

AttentionBackend = Literal["auto", "segments", "mask", "flex"]

Place = Int[Tensor, ""]
MaskRule = Callable[[Place, Place, Place, Place], Tensor]
"""Whether (row, head, query place, key place) may be."""


@dataclass(frozen=True, kw_only=True)
class AttentionPlan:
    """The three attentions of the trunk over one packed batch; made once, used by every layer."""

    encoder: AttentionPattern
    decoder: AttentionPattern
    cross: AttentionPattern


def plan_attention(
    packing: Packing[Tensor],
    targets: Mapping[TargetModality, Target[Tensor]],
    *,
    backend: AttentionBackend,
    form: DynamicMask,
) -> AttentionPlan:
    """Patterns that keep examples apart, causal in the decoder, dynamic where codes are hidden."""
    device = packing.encoder.owners.device
    closed = _closed_places(packing, targets)
    if backend == "mask":
        return _mask_plan(packing, closed, form=form)
    if backend == "segments" or (backend == "auto" and device.type == "cpu"):
        return _segment_plan(packing, closed, form=form, device=device)
    return _flex_plan(packing, closed, form=form, device=device)


def _closed_places(
    packing: Packing[Tensor], targets: Mapping[TargetModality, Target[Tensor]]
) -> Bool[Tensor, " places"] | None:
    """Closed slots among the decoder's places; None where no example hides codes."""
    if not any(packing.is_masked):
        return None
    closed = torch.zeros(packing.decoder.places, dtype=torch.bool, device=packing.decoder.owners.device)
    for target in targets.values():
        if target.hidden is not None:
            assert target.places is not None, "targets of a packed batch have places"
            closed[target.places.flatten()] = closed_slots(target.hidden).flatten()
    return closed


def _segment_plan(
    packing: Packing[Tensor],
    closed: Bool[Tensor, " places"] | None,
    *,
    form: DynamicMask,
    device: torch.device,
) -> AttentionPlan:
    encoder, decoder = _layout(packing.encoder), _layout(packing.decoder)

    def make_mask(places: Int[Tensor, "count length"]) -> Bool[Tensor, "count 1 length length"]:
        assert closed is not None, "only segments with hidden codes are masked"
        return dynamic_mask(closed[places], form=form)

    return AttentionPlan(
        encoder=SegmentPattern(encoder, encoder, device=device),
        decoder=SegmentPattern(
            decoder,
            decoder,
            device=device,
            is_causal=True,
            masked=packing.is_masked,
            make_mask=make_mask,
        ),
        cross=SegmentPattern(decoder, encoder, device=device),
    )


def _mask_plan(
    packing: Packing[Tensor], closed: Bool[Tensor, " places"] | None, *, form: DynamicMask
) -> AttentionPlan:
    encoder, decoder = packing.encoder.owners, packing.decoder.owners
    own = _same(decoder, decoder)
    causal = own.tril()
    if closed is not None:
        causal = causal & dynamic_mask(closed.view_as(decoder), form=form).squeeze(1)
    return AttentionPlan(
        encoder=MaskPattern(_same(encoder, encoder)[:, None]),
        decoder=MaskPattern(causal[:, None]),
        cross=MaskPattern((_same(decoder, encoder) | (decoder < 0)[:, :, None])[:, None]),
    )


def _same(
    queries: Int[Tensor, "rows length"], keys: Int[Tensor, "rows keys"]
) -> Bool[Tensor, "rows length keys"]:
    """Pairs of one example; padding is one too, so that no query of it is left without a key."""
    return queries[:, :, None] == keys[:, None, :]


def _layout(segments: Segments[Tensor]) -> Layout:
    return Layout(starts=segments.starts, lengths=segments.lengths, places=segments.places)


def _flex_plan(
    packing: Packing[Tensor],
    closed: Bool[Tensor, " places"] | None,
    *,
    form: DynamicMask,
    device: torch.device,
) -> AttentionPlan:
    encoder, decoder = packing.encoder.owners, packing.decoder.owners
    seen_by_all = None if closed is None else ~closed.view_as(decoder)

    def same_example(row: Place, _head: Place, query: Place, key: Place) -> Tensor:
        return encoder[row, query] == encoder[row, key]

    def causal(row: Place, _head: Place, query: Place, key: Place) -> Tensor:
        return (decoder[row, query] == decoder[row, key]) & (query >= key)

    def dynamic(row: Place, head: Place, query: Place, key: Place) -> Tensor:
        assert seen_by_all is not None, "chosen only where codes are hidden"
        open_pair = seen_by_all[row, key]
        if form == "reference":
            open_pair = open_pair & seen_by_all[row, query]
        return causal(row, head, query, key) & (open_pair | (query == key))

    def across(row: Place, _head: Place, query: Place, key: Place) -> Tensor:
        return decoder[row, query] == encoder[row, key]

    lengths = (packing.decoder.length, packing.encoder.length)
    rows = packing.encoder.rows
    return AttentionPlan(
        encoder=_flex(same_example, rows, lengths[1], lengths[1], device),
        decoder=_flex(causal if closed is None else dynamic, rows, lengths[0], lengths[0], device),
        cross=_flex(across, rows, lengths[0], lengths[1], device),
    )


def _flex(rule: MaskRule, rows: int, queries: int, keys: int, device: torch.device) -> FlexPattern:
    # Compiled, making the block mask does not write out all pairs of a long row.
    block_mask: BlockMask = create_block_mask(
        rule, rows, None, queries, keys, device=device, _compile=device.type != "cpu"
    )
    return FlexPattern(block_mask)
