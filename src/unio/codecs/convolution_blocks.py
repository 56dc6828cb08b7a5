"""The parts of VQGAN: residual block, spatial attention, half and double resolution (spec section 11)."""

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from unio.codecs.group_norm import GroupNorm

__all__ = ["AttentionBlock", "Downsample", "Level", "Middle", "ResidualBlock", "Upsample"]


class ResidualBlock(nn.Module):
    """Norm, SiLU, 3 x 3 convolution, twice, plus the input (through 1 x 1 if the channels change)."""

    def __init__(self, in_channels: int, out_channels: int, *, num_groups: int, epsilon: float) -> None:
        super().__init__()
        self.norm_1 = GroupNorm(num_groups, in_channels, eps=epsilon)
        self.conv_1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm_2 = GroupNorm(num_groups, out_channels, eps=epsilon)
        self.conv_2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.shortcut = None if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch out_channels height width"]:
        """The block's output."""
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = self.conv_2(F.silu(self.norm_2(h)))
        return h + (x if self.shortcut is None else self.shortcut(x))


class AttentionBlock(nn.Module):
    """Every place attends to every place with one head over all channels; the result is added."""

    def __init__(self, channels: int, *, num_groups: int, epsilon: float) -> None:
        super().__init__()
        self.norm = GroupNorm(num_groups, channels, eps=epsilon)
        self.query = nn.Conv2d(channels, channels, 1)
        self.key = nn.Conv2d(channels, channels, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """The picture with what each place gathered added."""
        normed = self.norm(x)
        query, key, value = (
            layer(normed).flatten(2).transpose(1, 2).unsqueeze(1)
            for layer in (self.query, self.key, self.value)
        )
        attended = F.scaled_dot_product_attention(query, key, value)
        return x + self.out(attended.squeeze(1).transpose(1, 2).reshape(x.shape))


class Downsample(nn.Module):
    """Half resolution: one zero row below and one zero column to the right, then 3 x 3 with stride 2."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels half_height half_width"]:
        """The picture at half the resolution."""
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Upsample(nn.Module):
    """Double resolution: every place repeated 2 x 2, then 3 x 3."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels double_height double_width"]:
        """The picture at twice the resolution."""
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    """Residual blocks of one resolution, each followed by attention if there is any, then ``resample``."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        num_blocks: int,
        has_attention: bool,
        resample: Downsample | Upsample | None,
        num_groups: int,
        epsilon: float,
    ) -> None:
        super().__init__()
        inputs = [in_channels] + [out_channels] * (num_blocks - 1)
        self.blocks = nn.ModuleList(
            ResidualBlock(channels, out_channels, num_groups=num_groups, epsilon=epsilon)
            for channels in inputs
        )
        self.attentions = nn.ModuleList(
            AttentionBlock(out_channels, num_groups=num_groups, epsilon=epsilon)
            for _ in range(num_blocks if has_attention else 0)
        )
        self.resample = resample

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch out_channels out_height out_width"]:
        """The picture, at the next level's resolution if there is one."""
        for index, block in enumerate(self.blocks):
            x = block(x)
            if self.attentions:
                x = self.attentions[index](x)
        return x if self.resample is None else self.resample(x)


class Middle(nn.Module):
    """Residual block, attention, residual block at the lowest resolution."""

    def __init__(self, channels: int, *, num_groups: int, epsilon: float) -> None:
        super().__init__()
        self.block_1 = ResidualBlock(channels, channels, num_groups=num_groups, epsilon=epsilon)
        self.attention = AttentionBlock(channels, num_groups=num_groups, epsilon=epsilon)
        self.block_2 = ResidualBlock(channels, channels, num_groups=num_groups, epsilon=epsilon)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch channels height width"]:
        """The middle's output."""
        return self.block_2(self.attention(self.block_1(x)))
