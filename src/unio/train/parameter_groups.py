"""How parameters are told apart for the optimiser: what decays, how deep a layer lies, what Muon takes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

__all__ = ["ParameterGroup", "decayed_names", "layer_depths", "matrix_names", "parameter_groups"]

MATRIX_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)

LAYER = re.compile(r"^(?P<stack>.*?)\.?(?:layers|blocks)\.(?P<index>\d+)\.")
"""``encoder.layers.3.mlp.up.weight`` is in layer 3 of the stack ``encoder``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ParameterGroup:
    """Parameters that share their settings. ``rate_scale`` multiplies the learning rate."""

    names: tuple[str, ...]
    parameters: tuple[Tensor, ...]
    is_decayed: bool
    is_matrix: bool
    rate_scale: float


def parameter_groups(module: nn.Module, *, layer_decay: float = 1.0) -> list[ParameterGroup]:
    """The parameters of ``module`` that require a gradient, grouped by decay, kind and learning rate.

    ``layer_decay`` is the factor by which each layer learns slower than the one above it, counted from
    the top of its own stack; what lies below a stack (a patch embedding) is one layer more. With 1 there
    are at most three groups, decayed ones first.
    """
    decayed, matrices = decayed_names(module), matrix_names(module)
    scales = _rate_scales(module, layer_decay=layer_decay)
    found: dict[tuple[bool, bool, float], list[tuple[str, Tensor]]] = {}
    for name, value in module.named_parameters():
        if value.requires_grad:
            key = name in decayed, name in matrices, scales[name]
            found.setdefault(key, []).append((name, value))
    return [
        ParameterGroup(
            names=tuple(name for name, _ in members),
            parameters=tuple(value for _, value in members),
            is_decayed=is_decayed,
            is_matrix=is_matrix,
            rate_scale=scale,
        )
        for (is_decayed, is_matrix, scale), members in sorted(found.items(), key=lambda item: not item[0][0])
    ]


def decayed_names(module: nn.Module) -> set[str]:
    """Names of the parameters with weight decay: weights of linear and convolution layers.

    Norm scales, biases, embeddings, position tables and latents are left alone: pulling them to zero
    changes what the model says of rare tokens, not how smooth it is.
    """
    layers = cast(Iterable[tuple[str, nn.Module]], module.named_modules())
    return {
        f"{name}.weight" if name else "weight" for name, layer in layers if isinstance(layer, MATRIX_LAYERS)
    }


def matrix_names(module: nn.Module) -> set[str]:
    """Names of the weights of linear layers: those that Muon's orthogonal updates are meant for."""
    layers = cast(Iterable[tuple[str, nn.Module]], module.named_modules())
    return {f"{name}.weight" if name else "weight" for name, layer in layers if isinstance(layer, nn.Linear)}


def layer_depths(names: Iterable[str]) -> dict[str, int]:
    """How many layers of its own stack lie above each parameter; 0 for what is in no stack or above one.

    ``names`` are in the order of their modules: what a stack's owner holds before it lies below it.

    Example::

        vit.patch_embedding.weight  2
        vit.blocks.0.mlp.up.weight  1
        vit.blocks.1.mlp.up.weight  0
        vit.norm.scale              0
    """
    ordered = list(names)
    places = {name: match for name in ordered if (match := LAYER.match(name))}
    tops: dict[str, int] = {}
    begins: dict[str, int] = {}
    for position, name in enumerate(ordered):
        if name in places:
            stack = places[name]["stack"]
            tops[stack] = max(tops.get(stack, 0), int(places[name]["index"]))
            begins.setdefault(stack, position)
    depths: dict[str, int] = {}
    for position, name in enumerate(ordered):
        if name in places:
            depths[name] = tops[places[name]["stack"]] - int(places[name]["index"])
        else:
            above = [stack for stack in tops if stack and name.startswith(f"{stack}.")]
            owner = max(above, key=len, default=None)
            depths[name] = tops[owner] + 1 if owner is not None and position < begins[owner] else 0
    return depths


def _rate_scales(module: nn.Module, *, layer_decay: float) -> Mapping[str, float]:
    names = [name for name, _ in module.named_parameters()]
    return {name: layer_decay**depth for name, depth in layer_depths(names).items()}
