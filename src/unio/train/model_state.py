"""A model's weights in a checkpoint: all of them, or the trained ones alone where the rest never changes."""

from collections.abc import Mapping

import torch
from torch import Tensor

from unio.core import CheckpointError
from unio.model import UnifiedIO

__all__ = ["model_tensors", "restore_model"]


def model_tensors(model: UnifiedIO, *, trained_only: bool) -> dict[str, Tensor]:
    """Parameters by name; codecs included, unless ``trained_only``."""
    return {
        name: value.detach()
        for name, value in model.named_parameters()
        if value.requires_grad or not trained_only
    }


@torch.no_grad()
def restore_model(model: UnifiedIO, tensors: Mapping[str, Tensor], *, trained_only: bool) -> None:
    """Put back what `model_tensors` gave. Raises ``CheckpointError`` for another model's."""
    expected = model_tensors(model, trained_only=trained_only)
    problems = [f"{name} is missing" for name in expected if name not in tensors]
    problems += [f"{name} is not of this model" for name in tensors if name not in expected]
    problems += [
        f"{name} has shape {tuple(tensors[name].shape)}, not {tuple(value.shape)}"
        for name, value in expected.items()
        if name in tensors and tensors[name].shape != value.shape
    ]
    if problems:
        raise CheckpointError(
            "the checkpoint belongs to another model",
            got=f"{problems[0]}" + (f" and {len(problems) - 1} more" if len(problems) > 1 else ""),
            fix="resume with its configuration, or start in another folder",
        )
    for name, value in expected.items():
        value.copy_(tensors[name])
