"""Activation checkpointing: layers keep only their input and run again in the backward pass."""

from collections.abc import Iterable
from typing import Any, Literal, cast

from torch import nn
from torch.utils.checkpoint import checkpoint  # pyright: ignore[reportUnknownVariableType]

from unio.model import UnifiedIO

__all__ = ["Recompute", "recompute_layers", "recomputed"]

Recompute = Literal["none", "trunk", "all"]
"""Which layers run twice: none, those of encoder and decoder, or those of the ViT and the AST too."""


def recompute_layers(model: UnifiedIO, which: Recompute) -> None:
    """Make the layers of ``model`` recompute, in place; names of modules and parameters stay."""
    for layer in recomputed(model, which):
        _wrap(layer)


def recomputed(model: UnifiedIO, which: Recompute) -> list[nn.Module]:
    """The layers that ``which`` means."""
    if which == "none":
        return []
    layers = [
        *cast(Iterable[nn.Module], model.encoder.layers),
        *cast(Iterable[nn.Module], model.decoder.layers),
    ]
    if which == "all":
        for encoder in (model.input_embedders.image.encoder, model.input_embedders.audio.encoder):
            layers += list(cast(Iterable[nn.Module], encoder.blocks))
    return layers


def _wrap(layer: nn.Module) -> None:
    forward = layer.forward

    def again(*arguments: Any, **settings: Any) -> Any:
        # No random numbers are drawn in the trunk (dropout 0): their state need not be kept.
        run = cast(Any, checkpoint)
        return run(forward, *arguments, use_reentrant=False, preserve_rng_state=False, **settings)

    layer.forward = again
