"""The one way tensors become a model's parameters: every one present, none left over, shapes right."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from unio.core import WeightsError

__all__ = ["check_names", "fill_parameters"]

SHOWN = 3
"""Names told of each kind of problem, before the count."""


def fill_parameters(
    model: nn.Module,
    tensors: Mapping[str, Tensor],
    *,
    device: torch.device | str = "cpu",
) -> None:
    """Replace every parameter of ``model`` by its tensor, on ``device``.

    Works on a model whose parameters lie on the meta device. Whether a parameter takes gradients
    stays as it was. Raises ``WeightsError`` before anything is changed.
    """
    parameters = dict(model.named_parameters())
    check_names(expected=parameters, found=tensors)
    wrong = [
        f"{name} {tuple(tensors[name].shape)} instead of {tuple(parameter.shape)}"
        for name, parameter in parameters.items()
        if tensors[name].shape != parameter.shape
    ]
    if wrong:
        raise WeightsError("tensors of the wrong shape", got=_told(wrong), fix="use the weights' own config")
    placed = {name: tensors[name].to(device) for name in parameters}
    model.load_state_dict(placed, strict=True, assign=True)


def check_names(*, expected: Mapping[str, object], found: Mapping[str, object]) -> None:
    """Raise ``WeightsError`` unless both name the same parameters."""
    missing = [name for name in expected if name not in found]
    unexpected = [name for name in found if name not in expected]
    if missing or unexpected:
        told = [
            f"{kind} {_told(names)}"
            for kind, names in (("missing", missing), ("unexpected", unexpected))
            if names
        ]
        raise WeightsError(
            "weights do not belong to this configuration",
            got=", ".join(told),
            expected=f"exactly the model's {len(expected)} tensors",
        )


def _told(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} ({', '.join(names[:SHOWN])}{more})"
