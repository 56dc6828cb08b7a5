"""An optimiser's state as tensors named after parameters: the same whatever the order of its groups."""

from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn

from unio.core import CheckpointError

__all__ = ["optimiser_tensors", "restore_optimiser"]

QUANTITIES: Mapping[str, frozenset[str]] = {
    "AdamW": frozenset({"step", "exp_avg", "exp_avg_sq"}),
    "BatchedMuon": frozenset({"momentum_buffer"}),
    "Adafactor": frozenset({"step", "mean", "square", "rows", "columns"}),
    "JoinedOptimiser": frozenset({"step", "exp_avg", "exp_avg_sq", "momentum_buffer"}),
}
"""What each kind of optimiser keeps of a parameter."""


def optimiser_tensors(optimiser: torch.optim.Optimizer, module: nn.Module) -> dict[str, Tensor]:
    """The optimiser's state as ``parameter:quantity`` -> tensor."""
    tensors: dict[str, Tensor] = {}
    named = dict(module.named_parameters())
    assert optimiser.state.keys() <= set(named.values()), "the model holds other parameters than it learns"
    for name, parameter in named.items():
        state = cast(Mapping[str, Tensor], optimiser.state.get(parameter, {}))
        for quantity, value in state.items():
            tensors[f"{name}:{quantity}"] = value.detach()
    return tensors


def restore_optimiser(
    optimiser: torch.optim.Optimizer, module: nn.Module, tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimiser_tensors` gave.

    Raises ``CheckpointError`` for parameters it does not know, or the state of another kind of optimiser.
    """
    groups = {
        id(one): group for group in optimiser.param_groups for one in cast(list[Tensor], group["params"])
    }
    parameters = {name: one for name, one in module.named_parameters() if id(one) in groups}
    by_name: dict[str, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        name, _, quantity = key.rpartition(":")
        by_name.setdefault(name, {})[quantity] = value
    _check(by_name, known=parameters, kind=type(optimiser).__name__)
    optimiser.state.clear()
    for name, quantities in by_name.items():
        parameter = parameters[name]
        group = groups[id(parameter)]
        optimiser.state[parameter] = {
            quantity: _placed(value, parameter, group) for quantity, value in quantities.items()
        }


def _check(found: Mapping[str, Mapping[str, Tensor]], *, known: Mapping[str, Tensor], kind: str) -> None:
    unknown = sorted(set(found) - set(known))
    if unknown:
        raise CheckpointError(
            "the optimiser's state belongs to another model",
            got=unknown[0],
            expected="parameters of this model",
            fix="resume with the configuration of the checkpoint, or start in another folder",
        )
    foreign = sorted({quantity for state in found.values() for quantity in state} - QUANTITIES[kind])
    if foreign:
        raise CheckpointError(
            "the optimiser's state belongs to another kind of optimiser",
            got=foreign[0],
            expected=f"{kind}: {', '.join(sorted(QUANTITIES[kind]))}",
            fix="resume with the optimiser.kind of the checkpoint, or start in another folder",
        )


def _placed(value: Tensor, parameter: Tensor, group: Mapping[str, Any]) -> Tensor:
    """A copy, since the optimiser changes it in place, where the optimiser looks for it."""
    if value.ndim == 0 and not group.get("fused"):
        return value.cpu().clone()  # a step count that is read by Python
    return value.to(parameter.device, copy=True)
