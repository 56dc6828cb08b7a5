"""The optimisers a run may ask for: AdamW, Adafactor (spec section 12) and Muon."""

from typing import Any, Literal

import torch
from pydantic import Field, model_validator
from torch import nn

from unio.core import Config
from unio.train.adafactor import Adafactor
from unio.train.joined_optimiser import JoinedOptimiser
from unio.train.muon import BatchedMuon
from unio.train.optimiser_state import optimiser_tensors, restore_optimiser
from unio.train.parameter_groups import ParameterGroup, decayed_names, parameter_groups

__all__ = [
    "OptimiserConfig",
    "decayed_names",
    "make_optimiser",
    "optimiser_tensors",
    "restore_optimiser",
    "set_learning_rate",
]


class OptimiserConfig(Config):
    """An optimiser with global-norm clipping."""

    kind: Literal["adamw", "adafactor", "muon"] = Field(
        default="adamw",
        description="adamw; adafactor with spec section 12's settings; muon for the weights of linear layers "
        "with adamw for the rest.",
    )
    learning_rate: float = Field(
        gt=0,
        description="Peak learning rate, before the schedule; adafactor's is relative to a parameter's size.",
    )
    beta1: float = Field(default=0.9, ge=0, lt=1, description="Decay of the gradient's mean.")
    beta2: float = Field(
        default=0.99, ge=0, lt=1, description="Decay of the gradient's mean square; adafactor has its own."
    )
    epsilon: float = Field(default=1e-8, gt=0, description="Added to the root mean square by adamw.")
    weight_decay: float = Field(
        default=0.0, ge=0, description="Decoupled decay of matrices; norms, biases and embeddings have none."
    )
    clip: float = Field(default=1.0, gt=0, description="Largest global norm of the gradient.")
    layer_decay: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="Factor by which a layer learns slower than the one above it in its stack.",
    )
    momentum: float = Field(default=0.95, ge=0, lt=1, description="Decay of muon's momentum.")
    matrix_learning_rate: float | None = Field(
        default=None, gt=0, description="Peak learning rate of muon's matrices; None: learning_rate."
    )
    decay_exponent: float = Field(
        default=0.8, gt=0, description="Adafactor's decay of the mean square at step k is 1 - k ** -this."
    )
    update_clip: float = Field(
        default=1.0, gt=0, description="Largest root mean square of an adafactor update, before its rate."
    )
    factored_from: int = Field(
        default=128, gt=0, description="Shortest side of a matrix whose mean squares adafactor factors."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "OptimiserConfig":
        if self.matrix_learning_rate is not None and self.kind != "muon":
            raise ValueError("matrix_learning_rate is muon's alone")
        return self


def make_optimiser(module: nn.Module, config: OptimiserConfig) -> torch.optim.Optimizer:
    """The optimiser of the parameters of ``module`` that require a gradient."""
    groups = parameter_groups(module, layer_decay=config.layer_decay)
    match config.kind:
        case "adamw":
            return _adamw(_described(groups, config), config)
        case "adafactor":
            return Adafactor(
                _described(groups, config),
                lr=config.learning_rate,
                beta1=config.beta1,
                decay_exponent=config.decay_exponent,
                update_clip=config.update_clip,
                factored_from=config.factored_from,
            )
        case "muon":
            return _muon(groups, config)


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the rate of every group, times the group's own scale where it has one."""
    for group in optimiser.param_groups:
        group["lr"] = rate * group.get("rate_scale", 1.0)


def _described(groups: list[ParameterGroup], config: OptimiserConfig) -> list[dict[str, Any]]:
    """Torch's form of the groups; those that differ in nothing the optimiser sees are one."""
    joined: dict[tuple[bool, float], list[Any]] = {}
    for group in groups:
        joined.setdefault((group.is_decayed, group.rate_scale), []).extend(group.parameters)
    return [
        {
            "params": parameters,
            "weight_decay": config.weight_decay if is_decayed else 0.0,
            "rate_scale": scale,
        }
        for (is_decayed, scale), parameters in joined.items()
    ]


def _adamw(groups: list[dict[str, Any]], config: OptimiserConfig) -> torch.optim.AdamW:
    return torch.optim.AdamW(
        groups,
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        eps=config.epsilon,
        fused=True,
    )


def _muon(groups: list[ParameterGroup], config: OptimiserConfig) -> torch.optim.Optimizer:
    """Muon on the matrices, its updates scaled to AdamW's size so that one rate can serve both."""
    share = (config.matrix_learning_rate or config.learning_rate) / config.learning_rate
    matrices = _described([group for group in groups if group.is_matrix], config)
    others = _described([group for group in groups if not group.is_matrix], config)
    members: list[torch.optim.Optimizer] = []
    if matrices:
        for group in matrices:
            group["rate_scale"] *= share
        muon = BatchedMuon(
            matrices,
            lr=config.learning_rate,
            momentum=config.momentum,
            weight_decay=config.weight_decay,
        )
        members.append(muon)
    if others:
        members.append(_adamw(others, config))
    return JoinedOptimiser(members)
