"""Adafactor as spec section 12 sets it: momentum, relative steps, factored second moments.

Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost" (2018), with the
first moment kept (beta1 0.9) and no weight decay of its own.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor
from torch.distributed.tensor import DTensor, Replicate

__all__ = ["Adafactor", "decay_of_step", "is_factored"]

SQUARE_EPSILON = 1e-30
"""Added to squared gradients, so that a row of zeros has a root."""

SCALE_EPSILON = 1e-3
"""Least root mean square a parameter counts with: one that starts at zero can still move."""


class Adafactor(torch.optim.Optimizer):
    """Steps of ``lr * max(rms(parameter), 1e-3)``, in the direction of the rescaled gradient's mean.

    For a matrix whose sides are both at least ``factored_from`` long, the mean squares of a gradient
    are kept as the means of its rows and columns: rows + columns numbers in place of rows x columns.
    The decay of step k is ``1 - k ** -0.8``. Works on `DTensor` parameters as on plain ones.
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        *,
        lr: float,
        beta1: float = 0.9,
        decay_exponent: float = 0.8,
        update_clip: float = 1.0,
        factored_from: int = 128,
        weight_decay: float = 0.0,
    ) -> None:
        """``beta1`` 0 keeps no first moment. ``update_clip`` bounds an update's root mean square."""
        super().__init__(
            parameters,
            {
                "lr": lr,
                "beta1": beta1,
                "decay_exponent": decay_exponent,
                "update_clip": update_clip,
                "factored_from": factored_from,
                "weight_decay": weight_decay,
            },
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One update of every parameter that has a gradient."""
        assert closure is None, "gradients are there already"
        for group in self.param_groups:
            for parameter in cast(list[Tensor], group["params"]):
                if parameter.grad is not None:
                    self._update(parameter, parameter.grad.float(), group)

    def _update(self, parameter: Tensor, gradient: Float[Tensor, "*shape"], group: dict[str, Any]) -> None:
        state = cast(dict[str, Tensor], self.state[parameter])
        count = state.setdefault("step", torch.tensor(0.0)).add_(1)
        decay = decay_of_step(int(count), exponent=group["decay_exponent"])
        scale = _root_mean_square(parameter.float()).clamp(min=SCALE_EPSILON)
        update = gradient * self._inverse_root(state, gradient, decay=decay, least=group["factored_from"])
        update = update / (_root_mean_square(update) / group["update_clip"]).clamp(min=1.0)
        update = update * (scale * group["lr"])
        if group["beta1"]:
            mean = state.setdefault("mean", torch.zeros_like(update))
            update = mean.lerp_(update, 1 - group["beta1"])
        if group["weight_decay"]:
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.sub_(update.to(parameter.dtype))

    def _inverse_root(
        self, state: dict[str, Tensor], gradient: Float[Tensor, "*shape"], *, decay: float, least: int
    ) -> Float[Tensor, "*shape"]:
        """1 / root of the running mean squares, updated with this gradient's."""
        square = gradient.square() + SQUARE_EPSILON
        if not is_factored(gradient.shape, least=least):
            return _running(state, "square", square, decay).rsqrt()
        rows = _running(state, "rows", square.mean(dim=-1), decay)
        columns = _running(state, "columns", square.mean(dim=-2), decay)
        share = rows / _settled(rows.mean(dim=-1, keepdim=True))
        return share.rsqrt().unsqueeze(-1) * columns.rsqrt().unsqueeze(-2)


def decay_of_step(step: int, *, exponent: float) -> float:
    """``1 - step ** -exponent``: 0 at step 1, which takes the first square as it is."""
    return 1 - step**-exponent


def is_factored(shape: tuple[int, ...], *, least: int) -> bool:
    """Whether the mean squares of a parameter of ``shape`` are kept by rows and columns."""
    return len(shape) >= 2 and min(shape[-2:]) >= least


def _running(state: dict[str, Tensor], name: str, value: Tensor, decay: float) -> Tensor:
    value = _settled(value)
    if name not in state:
        state[name] = torch.zeros_like(value)
    return state[name].lerp_(value, 1 - decay)


def _root_mean_square(value: Float[Tensor, "*shape"]) -> Float[Tensor, ""]:
    return _settled(value.square().mean()).sqrt()


def _settled(value: Tensor) -> Tensor:
    """A sharded tensor with its pending sums over the processes done; a plain one as it is."""
    if not isinstance(value, DTensor) or not any(one.is_partial() for one in value.placements):
        return value
    return value.redistribute(
        placements=[Replicate() if one.is_partial() else one for one in value.placements]
    )
