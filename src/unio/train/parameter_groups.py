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
    the top of its own stack; what lies below a stack (embeddings, patch embedding) is not told apart
    from its first layer. With 1 there are at most three groups, decayed ones first.
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
    """How many layers of its own stack lie above each parameter; 0 for what is in no stack.

    Example::

        encoder.layers.0.mlp.up.weight  1
        encoder.layers.1.mlp.up.weight  0
        encoder.norm.scale              0
    """
    places = {name: match for name in names if (match := LAYER.match(name))}
    tops: dict[str, int] = {}
    for match in places.values():
        stack = match["stack"]
        tops[stack] = max(tops.get(stack, 0), int(match["index"]))
    return {
        name: tops[places[name]["stack"]] - int(places[name]["index"]) if name in places else 0
        for name in names
    }


def _rate_scales(module: nn.Module, *, layer_decay: float) -> Mapping[str, float]:
    names = [name for name, _ in module.named_parameters()]
    return {name: layer_decay**depth for name, depth in layer_depths(names).items()}
