"""`BatchedMuon`: Muon whose matrices of one shape are orthogonalised together."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributed.tensor import DTensor

from unio.nn import product_dtype

__all__ = ["BatchedMuon"]

EPSILON = 1e-7
NORM_MATCH = 0.2
"""Root mean square of an AdamW update, which a matrix's orthogonal update is scaled to."""


class BatchedMuon(torch.optim.Muon):
    """``torch.optim.Muon`` with ``adjust_lr_fn="match_rms_adamw"``: the same updates, in fewer products.

    Torch's goes through the matrices one by one; a model has hundreds of small ones, of a few shapes.
    Here all that have the same sides, whichever is the longer, go through the Newton-Schulz steps as one
    batch. State and settings are torch's, so either goes on from the other's checkpoint. Matrices that
    are sharded over processes are left to torch.
    """

    def __init__(
        self, groups: Iterable[dict[str, Any]], *, lr: float, momentum: float, weight_decay: float
    ) -> None:
        super().__init__(
            list(groups),
            lr=lr,
            momentum=momentum,
            weight_decay=weight_decay,
            adjust_lr_fn="match_rms_adamw",
        )

    @torch.no_grad()
    def step(self, closure: object = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One update of every matrix that has a gradient."""
        assert closure is None, "gradients are there already"
        groups = self.param_groups
        if any(isinstance(one, DTensor) for group in groups for one in group["params"]):
            super().step()  # pyright: ignore[reportUnknownMemberType]
            return
        for group in groups:
            parameters = [one for one in cast(list[Tensor], group["params"]) if one.grad is not None]
            momenta = [self._momentum(one) for one in parameters]
            for places in _same_sides(parameters):
                _update([parameters[i] for i in places], [momenta[i] for i in places], settings=group)

    def _momentum(self, parameter: Tensor) -> Tensor:
        state = cast(dict[str, Tensor], self.state[parameter])
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(parameter, memory_format=torch.preserve_format)
        return state["momentum_buffer"]


def _same_sides(matrices: Sequence[Tensor]) -> list[list[int]]:
    """Places of the matrices that are one another's shape, or its transpose."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place, matrix in enumerate(matrices):
        found.setdefault(tuple(sorted(matrix.shape)), []).append(place)
    return list(found.values())


def _update(parameters: list[Tensor], momenta: list[Tensor], *, settings: dict[str, Any]) -> None:
    gradients = [cast(Tensor, one.grad) for one in parameters]
    lists = cast(Any, torch)  # one call for a whole list of tensors; torch's stubs do not name them
    lists._foreach_lerp_(momenta, gradients, 1 - settings["momentum"])
    updates: list[Tensor] = list(lists._foreach_lerp(gradients, momenta, settings["momentum"]))  # Nesterov's
    flat = _orthogonalise(
        torch.stack([_wide(one) for one in updates]).bfloat16(),
        coefficients=settings["ns_coefficients"],
        steps=settings["ns_steps"],
    )
    directions = [
        one if parameter.shape[0] <= parameter.shape[1] else _turned(one)
        for one, parameter in zip(flat.to(parameters[0].dtype).unbind(), parameters, strict=True)
    ]
    rate = float(settings["lr"])
    lists._foreach_mul_(parameters, 1 - rate * settings["weight_decay"])
    lists._foreach_add_(parameters, directions, alpha=-rate * NORM_MATCH * max(parameters[0].shape) ** 0.5)


def _wide(matrix: Tensor) -> Tensor:
    return matrix if matrix.shape[0] <= matrix.shape[1] else _turned(matrix)


def _orthogonalise(
    matrices: Float[Tensor, "count short long"], *, coefficients: tuple[float, float, float], steps: int
) -> Float[Tensor, "count short long"]:
    """The nearest matrices with orthonormal rows, nearly: singular values end between 0.7 and 1.2.

    Products are rounded to the matrices' dtype, whatever they are made in.
    """
    dtype, wide = matrices.dtype, product_dtype(matrices)
    linear, cubic, quintic = coefficients
    squares = torch.sum(matrices * matrices, dim=(1, 2), keepdim=True, dtype=torch.float32)
    matrices = matrices / torch.clamp(torch.sqrt(squares), min=EPSILON).to(matrices.dtype)
    for _ in range(steps):
        matrices = matrices.to(wide)
        gram = torch.bmm(matrices, _turned(matrices)).to(dtype).to(wide)
        polynomial = torch.baddbmm(gram, gram, gram, beta=cubic, alpha=quintic).to(dtype).to(wide)
        matrices = torch.baddbmm(matrices, polynomial, matrices, beta=linear).to(dtype)
    return matrices


def _turned(matrices: Tensor) -> Tensor:
    return cast(Tensor, cast(Any, matrices).mT)  # torch's stubs leave its type open
