"""From a stream of a batch to vectors of the trunk's width with their rotary tables (spec section 8)."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from unio.model.patch_encoder import PatchEncoder
from unio.model.resampler import Resampler, as_input
from unio.nn.rotary import grid_rotary, line_rotary
from unio.schema import Stream

__all__ = ["EmbeddedStream", "HistoryEmbedder", "PatchStreamEmbedder", "TextEmbedder"]


@dataclass(frozen=True, kw_only=True, eq=False)
class EmbeddedStream:
    """A stream as the encoder takes it, one entry for each example that has it.

    ``mask`` is True at valid positions, ``rotary`` holds cosine and sine of each position and
    ``rows`` says which example each entry belongs to.
    """

    hidden: Float[Tensor, "count length dim"]
    mask: Bool[Tensor, "count length"]
    rotary: Float[Tensor, "count length 2 half"]
    rows: Int[Tensor, " count"]


class TextEmbedder(nn.Module):
    """Token embedding + modality vector, 1-D positions."""

    def __init__(self, dim: int, *, head_dim: int) -> None:
        super().__init__()
        self.head_dim = head_dim
        self.modality = nn.Parameter(torch.zeros(dim))

    def forward(self, stream: Stream[Tensor], *, token_embedder: nn.Embedding) -> EmbeddedStream:
        """Embed ids with the table shared by text inputs, text targets and the text head."""
        return EmbeddedStream(
            hidden=token_embedder(stream.values.long()) + self.modality,
            mask=stream.mask,
            rotary=line_rotary(stream.positions, head_dim=self.head_dim),
            rows=stream.rows,
        )


class PatchStreamEmbedder(nn.Module):
    """A picture or a sound: both features of its encoder, projected, + modality vector, 2-D positions.

    The encoder lives here; the history stream borrows it.
    """

    def __init__(
        self,
        encoder: PatchEncoder,
        *,
        encoder_dim: int,
        dim: int,
        head_dim: int,
        grid: tuple[int, int],
        rope_multiplier: float,
    ) -> None:
        super().__init__()
        self.head_dim = head_dim
        self.grid = grid
        self.rope_multiplier = rope_multiplier
        self.encoder = encoder
        self.projection = nn.Linear(2 * encoder_dim, dim, bias=False)
        self.modality = nn.Parameter(torch.zeros(dim))

    def forward(self, stream: Stream[Tensor], *, freeze_encoder: bool) -> EmbeddedStream:
        """Embed patches; ``freeze_encoder`` stops gradients at the encoder."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and not freeze_encoder):
            maps = self.encoder(stream.values, mask=stream.mask, positions=stream.positions, grid=self.grid)
        features = as_input(torch.cat([maps.last, maps.second], dim=-1), self.projection)
        return EmbeddedStream(
            hidden=self.projection(features) + self.modality,
            mask=stream.mask,
            rotary=grid_rotary(
                stream.positions,
                columns=self.grid[1],
                head_dim=self.head_dim,
                multiplier=self.rope_multiplier,
            ),
            rows=stream.rows,
        )


class HistoryEmbedder(nn.Module):
    """Frames or segments: each through the borrowed encoder and the resampler, + modality vector.

    Only the encoder's last features are used (spec section 13, 3). Positions are (frame, latent).
    """

    def __init__(
        self, resampler: Resampler, *, dim: int, num_latents: int, head_dim: int, grid: tuple[int, int]
    ) -> None:
        super().__init__()
        self.head_dim = head_dim
        self.grid = grid
        self.dim = dim
        self.num_latents = num_latents
        self.resampler = resampler
        self.modality = nn.Parameter(torch.zeros(dim))

    def forward(
        self, stream: Stream[Tensor], *, encoder: PatchEncoder, freeze_encoder: bool
    ) -> EmbeddedStream:
        """Embed frames; a frame without a valid patch is not encoded and gives masked latents."""
        count, frames = stream.mask.shape[:2]
        has_patches = stream.mask.any(dim=-1)
        kept = has_patches.flatten().nonzero().squeeze(1)
        mask = stream.mask.flatten(0, 1)[kept]
        with torch.set_grad_enabled(torch.is_grad_enabled() and not freeze_encoder):
            maps = encoder(
                stream.values.flatten(0, 1)[kept],
                mask=mask,
                positions=stream.positions.flatten(0, 1)[kept],
                grid=self.grid,
            )
        latents = self.resampler(maps.last, mask=mask) + self.modality
        hidden = latents.new_zeros(count * frames, self.num_latents, self.dim)
        places = torch.arange(frames * self.num_latents, device=mask.device)
        rotary = grid_rotary(places, columns=self.num_latents, head_dim=self.head_dim)
        return EmbeddedStream(
            hidden=hidden.index_copy(0, kept, latents).view(count, -1, self.dim),
            mask=has_patches.repeat_interleave(self.num_latents, dim=1),
            rotary=rotary.expand(count, *rotary.shape),
            rows=stream.rows,
        )
