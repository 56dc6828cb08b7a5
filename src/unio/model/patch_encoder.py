"""The ViT and the AST: frozen-at-first encoders of picture and sound patches (spec section 7)."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from unio.model.config import PatchEncoderConfig
from unio.nn.attention_pattern import AttentionPattern, Layout, SegmentPattern
from unio.nn.pre_norm_block import Activation, PreNormBlock

__all__ = ["AudioEncoder", "PackedFeatureMaps", "PatchEncoder", "PatchFeatureMaps", "VisionEncoder"]

SECOND_BLOCK = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class PatchFeatureMaps:
    """Features of each patch after the last block run and after the second one, neither normed."""

    last: Float[Tensor, "batch patches dim"]
    second: Float[Tensor, "batch patches dim"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PackedFeatureMaps:
    """The same of frames that lie end to end."""

    last: Float[Tensor, "patches dim"]
    second: Float[Tensor, "patches dim"]


class PatchEncoder(nn.Module, ABC):
    """Pre-norm transformer over patches, led by a class token.

    A subclass adds its own leading tokens and says how its position table lies on a grid.
    """

    def __init__(
        self,
        config: PatchEncoderConfig,
        *,
        patch_width: int,
        patch_bias: bool,
        leading_tokens: int,
        activation: Activation,
        norm_epsilon: float,
    ) -> None:
        super().__init__()
        self.is_float32 = False
        """Whether autocast is kept out of this encoder, as released models want it (spec section 12)."""
        self.leading_tokens = leading_tokens
        self.patch_embedding = nn.Linear(patch_width, config.dim, bias=patch_bias)
        self.class_token = nn.Parameter(torch.zeros(config.dim))
        self.positions = nn.Parameter(torch.zeros(leading_tokens + config.positions, config.dim))
        self.blocks = nn.ModuleList(
            PreNormBlock(
                config.dim,
                num_heads=config.num_heads,
                head_dim=config.head_dim,
                mlp_dim=config.mlp_dim,
                activation=activation,
                attention_bias=True,
                mlp_bias=True,
                norm_epsilon=norm_epsilon,
            )
            for _ in range(config.num_layers)
        )

    @abstractmethod
    def grid_positions(self, grid: tuple[int, int]) -> Float[Tensor, "patches dim"]:
        """The position vectors of a (down, across) grid of patches, row-major."""

    @abstractmethod
    def lead(self) -> Float[Tensor, "tokens dim"]:
        """The leading tokens, before their positions are added."""

    def start(self, x: Float[Tensor, "batch length dim"]) -> Float[Tensor, "batch length dim"]:
        """What happens to tokens with their positions before the first block: nothing, unless overridden."""
        return x

    def forward(
        self,
        patches: Float[Tensor, "batch patches width"],
        *,
        mask: Bool[Tensor, "batch patches"],
        positions: Int[Tensor, "batch patches"],
        grid: tuple[int, int],
    ) -> PatchFeatureMaps:
        """Features of the patches, leading tokens dropped.

        ``positions`` are row-major places on ``grid``. Masked patches are hidden from every other
        one; what comes out at their own places means nothing.
        """
        patches = patches.to(self.patch_embedding.weight.dtype)
        if not self.is_float32:
            return self._features(patches, mask=mask, positions=positions, grid=grid)
        with torch.autocast(patches.device.type, enabled=False):
            return self._features(patches, mask=mask, positions=positions, grid=grid)

    def _features(
        self,
        patches: Float[Tensor, "batch patches width"],
        *,
        mask: Bool[Tensor, "batch patches"],
        positions: Int[Tensor, "batch patches"],
        grid: tuple[int, int],
    ) -> PatchFeatureMaps:
        placed = self.patch_embedding(patches) + self.grid_positions(grid)[positions]
        lead = self.lead() + self.positions[: self.leading_tokens]
        x = torch.cat([lead.expand(len(patches), -1, -1).to(placed.dtype), placed], dim=1)
        last, second = self._run(x, key_mask=F.pad(mask, (self.leading_tokens, 0), value=True))
        return PatchFeatureMaps(last=last[:, self.leading_tokens :], second=second[:, self.leading_tokens :])

    def forward_packed(
        self,
        patches: Float[Tensor, "patches width"],
        *,
        positions: Int[Tensor, " patches"],
        lengths: Sequence[int],
        grids: Sequence[tuple[tuple[int, int], int]],
    ) -> PackedFeatureMaps:
        """Features of frames of any sizes that lie end to end without padding.

        ``lengths`` counts the patches of each frame. ``grids`` says how many of the patches, from the
        first on, lie on which grid; ``positions`` are row-major places on it.
        """
        patches = patches.to(self.patch_embedding.weight.dtype)
        parts = torch.split(positions, [count for _, count in grids])
        places = torch.cat(
            [self.grid_positions(grid)[part] for (grid, _), part in zip(grids, parts, strict=True)]
        )
        placed = self.patch_embedding(patches) + places
        lead = (self.lead() + self.positions[: self.leading_tokens]).to(placed.dtype)
        order, kept = _interleave(lengths, self.leading_tokens)
        x = torch.cat([lead.repeat(len(lengths), 1), placed])[order.to(placed.device)]
        layout = Layout.end_to_end([self.leading_tokens + length for length in lengths])
        pattern = SegmentPattern(layout, layout, device=placed.device)
        last, second = self._run(x[None], key_mask=pattern)
        kept = kept.to(placed.device)
        return PackedFeatureMaps(last=last[0, kept], second=second[0, kept])

    def _run(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        key_mask: Bool[Tensor, "batch length"] | AttentionPattern,
    ) -> tuple[Float[Tensor, "batch length dim"], Float[Tensor, "batch length dim"]]:
        """What comes out of the last block and of the second."""
        x = second = self.start(x)
        for index, block in enumerate(self.blocks):
            x = block(x, key_mask=key_mask)
            if index == SECOND_BLOCK:
                second = x
        return x, second


class VisionEncoder(PatchEncoder):
    """ViT: class token, square position table resized to the picture's grid, LayerNorm before the stack."""

    def __init__(self, config: PatchEncoderConfig, *, patch_width: int) -> None:
        super().__init__(
            config,
            patch_width=patch_width,
            patch_bias=False,
            leading_tokens=1,
            activation="gelu",
            norm_epsilon=1e-5,
        )
        self.pre_norm = nn.LayerNorm(config.dim, eps=1e-5)

    def lead(self) -> Float[Tensor, "tokens dim"]:
        """The class token."""
        return self.class_token[None]

    def grid_positions(self, grid: tuple[int, int]) -> Float[Tensor, "patches dim"]:
        """The table, resized bicubically (antialiased, no align-corners) if the grid is not its own."""
        table = self.positions[self.leading_tokens :]
        side = math.isqrt(len(table))
        if grid == (side, side):
            return table
        square = table.view(side, side, -1).permute(2, 0, 1).unsqueeze(0).float()
        resized = F.interpolate(square, size=grid, mode="bicubic", align_corners=False, antialias=True)
        return resized.squeeze(0).flatten(1).transpose(0, 1).to(table.dtype)

    def start(self, x: Float[Tensor, "batch length dim"]) -> Float[Tensor, "batch length dim"]:
        """LayerNorm before the stack."""
        return self.pre_norm(x)


class AudioEncoder(PatchEncoder):
    """AST: class and distillation tokens; its position table runs along time first, then mel."""

    def __init__(self, config: PatchEncoderConfig, *, patch_width: int) -> None:
        super().__init__(
            config,
            patch_width=patch_width,
            patch_bias=True,
            leading_tokens=2,
            activation="gelu_tanh",
            norm_epsilon=1e-6,
        )
        self.distillation_token = nn.Parameter(torch.zeros(config.dim))

    def lead(self) -> Float[Tensor, "tokens dim"]:
        """The class and the distillation token."""
        return torch.stack([self.class_token, self.distillation_token])

    def grid_positions(self, grid: tuple[int, int]) -> Float[Tensor, "patches dim"]:
        """A patch at (time, mel) reads row ``mel * times + time`` of the table."""
        times, mels = grid
        table = self.positions[self.leading_tokens : self.leading_tokens + times * mels]
        return table.view(mels, times, -1).transpose(0, 1).flatten(0, 1)


def _interleave(lengths: Sequence[int], lead: int) -> tuple[Int[Tensor, " tokens"], Int[Tensor, " patches"]]:
    """How to lay ``lead`` tokens before each frame, all held before all patches, and where patches go.

    Example, frames of 2 and 1 patches, ``lead=1``, held as ``l1 l2 a b c``::

        order  0 2 3 1 4  (l1 a b l2 c)      patches at  1 2 4
    """
    counts = torch.tensor(lengths)
    frames = torch.arange(len(counts)).repeat_interleave(counts)
    patches = torch.arange(len(frames)) + (frames + 1) * lead
    order = torch.empty(len(frames) + len(counts) * lead, dtype=torch.long)
    order[patches] = torch.arange(len(frames)) + len(counts) * lead
    is_lead = torch.ones(len(order), dtype=torch.bool)
    is_lead[patches] = False
    order[is_lead] = torch.arange(len(counts) * lead)
    return order, patches
