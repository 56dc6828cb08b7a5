"""The convolutions of VGG16 (arXiv 1409.1556), as the feature network of LPIPS (arXiv 1801.03924).

No weights come with the package. A file in torchvision's names (``features.0.weight``, ...) is read from
safetensors or from a ``.pth`` of tensors alone; LPIPS's linear weights (``lin0.model.1.weight``, ...) too.
"""

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from jaxtyping import Float
from safetensors import SafetensorError
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor, nn

from unio.core import WeightsError

__all__ = ["VGG16", "load_linear_weights", "load_vgg16"]

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions between two poolings; features are those at the end of each block."""

SHIFT = (-0.030, -0.088, -0.188)
SCALE = (0.458, 0.448, 0.450)
"""What LPIPS makes of pictures in [-1, 1], so that VGG16 sees ImageNet's mean and deviation."""


class VGG16(nn.Module):
    """Pictures (batch, 3, height, width) in [-1, 1], or of one channel -> five feature maps."""

    def __init__(self, blocks: Sequence[Sequence[int]] = BLOCKS) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        inputs = 3
        for widths in blocks:
            block = nn.ModuleList()
            for width in widths:
                block.append(nn.Conv2d(inputs, width, 3, padding=1))
                inputs = width
            self.blocks.append(block)
        self.register_buffer("shift", torch.tensor(SHIFT).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(SCALE).view(1, 3, 1, 1), persistent=False)

    def forward(self, pictures: Float[Tensor, "batch channels height width"]) -> list[Tensor]:
        """Features after each block's last rectifier: widths 64, 128, 256, 512, 512; half the side each."""
        x = (pictures.expand(-1, 3, -1, -1) - self.get_buffer("shift")) / self.get_buffer("scale")
        features: list[Tensor] = []
        for place, block in enumerate(self.blocks):
            x = F.max_pool2d(x, 2) if place else x
            assert isinstance(block, nn.ModuleList)
            for convolution in block:
                x = F.relu(convolution(x))
            features.append(x)
        return features


def load_vgg16(path: Path, *, blocks: Sequence[Sequence[int]] = BLOCKS) -> VGG16:
    """VGG16 with the weights in ``path``, frozen.

    Raises ``WeightsError`` if the file cannot be read, or lacks a convolution or has one of another size.
    """
    held = _read(path)
    network = VGG16(blocks)
    with torch.no_grad():
        for ours, theirs in _names(blocks).items():
            parameter = network.get_parameter(ours)
            value = held.get(theirs)
            if value is None or value.shape != parameter.shape:
                raise WeightsError(
                    f"{path} has no VGG16",
                    got=f"{theirs}: {'missing' if value is None else tuple(value.shape)}",
                    expected=tuple(parameter.shape),
                    fix="give torchvision's weights of vgg16",
                )
            parameter.copy_(value)
    return network.eval().requires_grad_(False)


def load_linear_weights(path: Path, *, widths: Sequence[int]) -> list[Float[Tensor, " width"]]:
    """LPIPS's weight of each feature, layer by layer. Raises ``WeightsError`` for any other file."""
    held = _read(path)
    found: list[Tensor] = []
    for place, width in enumerate(widths):
        name = f"lin{place}.model.1.weight"
        value = held.get(name)
        if value is None or value.numel() != width:
            raise WeightsError(
                f"{path} has no linear weights of LPIPS",
                got=f"{name}: {'missing' if value is None else tuple(value.shape)}",
                expected=(1, width, 1, 1),
            )
        found.append(value.flatten().float())
    return found


def _names(blocks: Sequence[Sequence[int]]) -> dict[str, str]:
    """Our parameter -> torchvision's: rectifiers and poolings are counted in its sequence."""
    names: dict[str, str] = {}
    index = 0
    for place, widths in enumerate(blocks):
        for number in range(len(widths)):
            for part in ("weight", "bias"):
                names[f"blocks.{place}.{number}.{part}"] = f"features.{index}.{part}"
            index += 2
        index += 1
    return names


def _read(path: Path) -> Mapping[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        return torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise WeightsError(f"cannot read {path}", got=" ".join(str(error).split())[:160]) from error
