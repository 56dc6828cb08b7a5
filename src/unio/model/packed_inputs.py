"""Inputs of a packed batch as encoder rows: embedded once, nothing padded (spec sections 6 to 8)."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from unio.model.input_embedders import HistoryEmbedder, PatchStreamEmbedder
from unio.model.memory import PackedRows
from unio.model.stream_embedders import StreamEmbedders
from unio.nn.rotary import grid_rotary, line_rotary
from unio.schema import PackedFrames, Packing

__all__ = ["embed_packed", "lay_out"]

Part = tuple[Tensor, Tensor, Tensor]
"""Vectors (tokens, dim), their rotary tables (tokens, 2, half) and their places (tokens,)."""


def embed_packed(
    embedders: StreamEmbedders,
    packing: Packing[Tensor],
    *,
    token_embedder: nn.Embedding,
    freeze_encoders: bool,
) -> PackedRows:
    """Embed all texts, all pictures in one pass of the ViT and all sounds in one of the AST."""
    inputs, text = packing.inputs, embedders.text
    hidden = token_embedder(inputs.texts.ids) + text.modality
    rotary = line_rotary(inputs.texts.positions, head_dim=text.head_dim)
    parts: list[Part] = [(hidden, rotary, inputs.texts.places)]
    if inputs.pictures is not None:
        parts += _embed_frames(
            inputs.pictures, embedders.image, embedders.image_history, freeze_encoder=freeze_encoders
        )
    if inputs.sounds is not None:
        parts += _embed_frames(
            inputs.sounds, embedders.audio, embedders.audio_history, freeze_encoder=freeze_encoders
        )
    return lay_out(parts, rows=packing.encoder.rows, length=packing.encoder.length)


def lay_out(parts: list[Part], *, rows: int, length: int) -> PackedRows:
    """Vectors and rotary tables at their places of ``rows`` rows; zeros where nothing goes."""
    hidden, rotary, places = (torch.cat(list(one)) for one in zip(*parts, strict=True))
    return PackedRows(
        hidden=_scatter(hidden, places, rows=rows, length=length),
        rotary=_scatter(rotary, places, rows=rows, length=length),
    )


def _scatter(
    values: Float[Tensor, "tokens ..."], places: Int[Tensor, " tokens"], *, rows: int, length: int
) -> Float[Tensor, "rows length ..."]:
    flat = values.new_zeros(rows * length, *values.shape[1:])
    return torch.unflatten(torch.index_copy(flat, 0, places, values), 0, (rows, length))


def _embed_frames(
    frames: PackedFrames[Tensor],
    stream: PatchStreamEmbedder,
    history: HistoryEmbedder,
    *,
    freeze_encoder: bool,
) -> list[Part]:
    own, count = frames.input_patches, len(frames.positions)
    with torch.set_grad_enabled(torch.is_grad_enabled() and not freeze_encoder):
        maps = stream.encoder.forward_packed(
            frames.patches,
            positions=frames.positions,
            lengths=frames.lengths,
            grids=((stream.grid, own), (history.grid, count - own)),
        )
    parts: list[Part] = []
    if own:
        features = torch.cat([maps.last[:own], maps.second[:own]], dim=-1)
        hidden = stream.projection(features) + stream.modality
        parts.append((hidden, _input_rotary(stream, frames.positions[:own]), frames.places))
    if count > own:
        latents = history.resampler.forward_packed(maps.last[own:], lengths=frames.lengths[frames.inputs :])
        rotary = grid_rotary(frames.latent_positions, columns=history.num_latents, head_dim=history.head_dim)
        parts.append((latents + history.modality, rotary, frames.latent_places))
    return parts


def _input_rotary(stream: PatchStreamEmbedder, positions: Int[Tensor, " patches"]) -> Tensor:
    return grid_rotary(
        positions, columns=stream.grid[1], head_dim=stream.head_dim, multiplier=stream.rope_multiplier
    )
