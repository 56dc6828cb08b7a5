"""AdamW over two groups of parameters, and its state as named tensors for checkpoints."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import torch
from pydantic import Field
from torch import Tensor, nn

from unio.core import CheckpointError, Config

__all__ = [
    "OptimiserConfig",
    "decayed_names",
    "make_optimiser",
    "optimiser_tensors",
    "restore_optimiser",
    "set_learning_rate",
]

MATRIX_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d)


class OptimiserConfig(Config):
    """AdamW with global-norm clipping."""

    learning_rate: float = Field(gt=0, description="Peak learning rate, before the schedule.")
    beta1: float = Field(default=0.9, ge=0, lt=1, description="Decay of the gradient's mean.")
    beta2: float = Field(default=0.99, ge=0, lt=1, description="Decay of the gradient's mean square.")
    epsilon: float = Field(default=1e-8, gt=0, description="Added to the root mean square.")
    weight_decay: float = Field(
        default=0.0, ge=0, description="Decoupled decay of matrices; norms, biases and embeddings have none."
    )
    clip: float = Field(default=1.0, gt=0, description="Largest global norm of the gradient.")


def decayed_names(module: nn.Module) -> set[str]:
    """Names of the parameters with weight decay: weights of linear and convolution layers.

    Norm scales, biases, embeddings, position tables and latents are left alone: pulling them to zero
    changes what the model says of rare tokens, not how smooth it is.
    """
    layers = cast(Iterable[tuple[str, nn.Module]], module.named_modules())
    return {
        f"{name}.weight" if name else "weight" for name, layer in layers if isinstance(layer, MATRIX_LAYERS)
    }


def make_optimiser(module: nn.Module, config: OptimiserConfig) -> torch.optim.AdamW:
    """AdamW over the parameters of ``module`` that require a gradient."""
    decayed = decayed_names(module)
    trained = [(name, value) for name, value in module.named_parameters() if value.requires_grad]
    groups = [
        {
            "params": [value for name, value in trained if name in decayed],
            "weight_decay": config.weight_decay,
        },
        {"params": [value for name, value in trained if name not in decayed], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.epsilon,
        fused=True,
    )


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the rate of every group."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def optimiser_tensors(optimiser: torch.optim.Optimizer, module: nn.Module) -> dict[str, Tensor]:
    """The optimiser's state as ``parameter:quantity`` -> tensor."""
    tensors: dict[str, Tensor] = {}
    for name, parameter in module.named_parameters():
        state = cast(Mapping[str, Tensor], optimiser.state.get(parameter, {}))
        for quantity, value in state.items():
            tensors[f"{name}:{quantity}"] = value.detach()
    return tensors


def restore_optimiser(
    optimiser: torch.optim.Optimizer, module: nn.Module, tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimiser_tensors` gave. Raises ``CheckpointError`` for parameters it does not know."""
    by_name: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        name, _, quantity = key.rpartition(":")
        by_name.setdefault(name, {})[quantity] = value.clone()  # the optimiser changes its state in place
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    ordered = [
        names[id(parameter)]
        for group in optimiser.param_groups
        for parameter in cast(list[Tensor], group["params"])
    ]
    unknown = sorted(set(by_name) - set(ordered))
    if unknown:
        raise CheckpointError(
            "the optimiser's state belongs to another model",
            got=unknown[0],
            expected="parameters of this model",
            fix="resume with the configuration of the checkpoint, or start in another folder",
        )
    state: dict[str, Any] = {
        "state": {index: by_name[name] for index, name in enumerate(ordered) if name in by_name},
        "param_groups": optimiser.state_dict()["param_groups"],
    }
    optimiser.load_state_dict(state)
