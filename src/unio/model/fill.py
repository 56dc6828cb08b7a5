"""The one way tensors become a model's parameters: every one present, none left over, shapes right."""

from collections.abc import Collection, Mapping, Sequence

import torch
from torch import Tensor, nn

from unio.core import WeightsError

__all__ = ["check_names", "check_shapes", "difference", "fill_parameters"]

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
    check_shapes(
        expected={name: tuple(parameter.shape) for name, parameter in parameters.items()},
        found={name: tuple(tensor.shape) for name, tensor in tensors.items()},
    )
    placed = {name: tensors[name].to(device) for name in parameters}
    model.load_state_dict(placed, strict=True, assign=True)


def check_names(*, expected: Collection[str], found: Collection[str]) -> None:
    """Raise ``WeightsError`` unless both name the same parameters."""
    told = difference(expected=expected, found=found)
    if told is not None:
        raise WeightsError(
            "weights do not belong to this configuration",
            got=told,
            expected=f"exactly the model's {len(expected)} tensors",
        )


def check_shapes(*, expected: Mapping[str, tuple[int, ...]], found: Mapping[str, tuple[int, ...]]) -> None:
    """Raise ``WeightsError`` unless every expected tensor has its shape."""
    wrong = [
        f"{name} {found[name]} instead of {shape}" for name, shape in expected.items() if found[name] != shape
    ]
    if wrong:
        raise WeightsError("tensors of the wrong shape", got=_told(wrong), fix="use the weights' own config")


def difference(*, expected: Collection[str], found: Collection[str]) -> str | None:
    """What is missing and what is unexpected, the first few named and all counted; None if nothing is."""
    there, wanted = frozenset(found), frozenset(expected)
    missing = [name for name in expected if name not in there]
    unexpected = [name for name in found if name not in wanted]
    kinds = (("missing", missing), ("unexpected", unexpected))
    return ", ".join(f"{kind} {_told(names)}" for kind, names in kinds if names) or None


def _told(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} ({', '.join(names[:SHOWN])}{more})"
