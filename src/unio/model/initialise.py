"""Random weights (spec section 10, initialisation)."""

import math
from collections.abc import Iterable, Iterator
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from unio.codecs.sincos_positions import sincos_positions
from unio.core import random_stream
from unio.model.config import ModelConfig
from unio.model.patch_encoder import VisionEncoder
from unio.model.unified_io import UnifiedIO

__all__ = ["fill_random", "random_model", "random_tensors"]

SMALL = 0.02
"""Deviation of modality vectors and class tokens."""

PLACES = 1.5
"""Deviation of a ViT's position table, beside patches whose embeddings have one to three.

Pictures are placed once more, by rotary, but a history has its places from this table alone. Small normal
ones are drowned by the first block; smooth ones of this size can be read from the last (``docs/log.md``).
"""


def random_model(config: ModelConfig, *, seed: int, device: str | torch.device = "cpu") -> UnifiedIO:
    """A model with random float32 weights: the only way to get one.

    Every parameter is a pure function of ``seed`` and its name. Matrices and convolutions are normal
    with deviation ``1 / sqrt(fan_in)``, embeddings and latents N(0, 1), biases zero and norms one; a
    ViT's places are sines and cosines.
    """
    model = UnifiedIO(config)
    model.to_empty(device="cpu")
    fill_random(model, seed=seed)
    return model.to(device)


def fill_random(module: nn.Module, *, seed: int, part: str = "") -> int:
    """Fill every parameter of ``module`` by the rule of `random_model`, in place; how many there were.

    ``part`` is the dotted name of the only submodule, or the only parameter, to be filled.
    """
    filled = 0
    for part_name, owner in cast(Iterable[tuple[str, nn.Module]], module.named_modules()):
        for name, parameter in owner.named_parameters(recurse=False):
            if part and not f"{part_name}.{name}.".startswith(f"{part}."):
                continue
            _fill(parameter, name=name, module=owner, generator=_generator(part_name, name, seed=seed))
            filled += 1
    return filled


def random_tensors(model: nn.Module, *, seed: int) -> Iterator[tuple[str, Tensor]]:
    """(name, values) of what `fill_random` fills ``model`` with, one at a time; the model is not touched.

    So a model too large for memory can be written to disk. Values are float32.
    """
    for part_name, part in cast(Iterable[tuple[str, nn.Module]], model.named_modules()):
        for name, parameter in part.named_parameters(recurse=False):
            values = torch.empty(parameter.shape)
            _fill(values, name=name, module=part, generator=_generator(part_name, name, seed=seed))
            yield f"{part_name}.{name}", values


def _generator(part_name: str, name: str, *, seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(_seed_of(f"{part_name}.{name}", seed=seed))


def _seed_of(name: str, *, seed: int) -> int:
    stream = random_stream(seed, "weights", name)
    return int.from_bytes(stream.bytes(8), "little", signed=True)


@torch.no_grad()
def _fill(parameter: Tensor, *, name: str, module: nn.Module, generator: torch.Generator) -> None:
    if name == "logit_scale":
        parameter.fill_(math.log(10.0))
    elif name == "bias":
        parameter.zero_()
    elif name == "scale" or isinstance(module, (nn.LayerNorm, nn.GroupNorm)):
        parameter.fill_(1.0)
    elif isinstance(module, nn.Embedding) or name == "latents":
        # Latents of a small deviation drown in the first thing they read, and stay alike ever after.
        parameter.normal_(generator=generator)
    elif isinstance(module, (nn.Linear, nn.Conv2d)):
        parameter.normal_(std=1 / math.sqrt(parameter[0].numel()), generator=generator)
    elif isinstance(module, nn.ConvTranspose2d):
        # Patches do not overlap, so every output pixel sums over the input channels alone.
        parameter.normal_(std=1 / math.sqrt(len(parameter)), generator=generator)
    else:
        parameter.normal_(std=SMALL, generator=generator)
        if name == "positions" and isinstance(module, VisionEncoder):
            _place(parameter[module.leading_tokens :])


def _place(table: Float[Tensor, "places dim"]) -> None:
    """A square grid's places as sines and cosines, about their mean."""
    side, width = math.isqrt(len(table)), table.shape[1]
    waves = sincos_positions((side, side), dim=-(-width // 4) * 4, device=table.device)[:, :width]
    waves = waves - waves.mean(dim=0)
    table.copy_(waves * (PLACES / waves.std()))
