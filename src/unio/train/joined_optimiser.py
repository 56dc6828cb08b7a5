"""Several torch optimisers, each with its own parameters, used as one."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor

__all__ = ["JoinedOptimiser"]


class JoinedOptimiser(torch.optim.Optimizer):
    """Steps every one of ``members``; groups and state are theirs, not copies."""

    def __init__(self, members: Sequence[torch.optim.Optimizer]) -> None:
        self.members = list(members)
        groups = [group for member in self.members for group in member.param_groups]
        super().__init__([{**group} for group in groups], {})
        self.param_groups = groups
        for member in self.members:
            member.state = self.state  # one table: parameters of different members never meet

    def step(self, closure: object = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """One update of every parameter that has a gradient."""
        assert closure is None, "gradients are there already"
        for member in self.members:
            member.step()

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Free the gradients of all members."""
        for member in self.members:
            member.zero_grad(set_to_none=set_to_none)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Not for this class: `restore_optimiser` fills ``state`` by name."""
        raise NotImplementedError("restore_optimiser fills the state by name")

    def parameters(self) -> list[Tensor]:
        """Every parameter, in the order of the groups."""
        return [value for group in self.param_groups for value in cast(list[Tensor], group["params"])]
