"""`Processes`: the processes that train one model together, and what they tell each other.

One process needs no group and none of torch.distributed: every method then answers at once. Only
small Python values and counts go this way; gradients and weights are `sharding`'s.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import torch
import torch.distributed as dist

from unio.core import ConfigError, UnioError

__all__ = ["SOLO", "JointError", "Processes", "joined_processes"]

T = TypeVar("T")

collectives = cast(Any, dist)  # the functions' arguments are only partly typed


class JointError(UnioError):
    """What failed in one process or more, raised in all of them at the same place."""


@dataclass(frozen=True, kw_only=True)
class Processes:
    """This process's place: ``rank`` of ``size``, the ``local_rank``-th of its machine."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.rank < self.size:
            raise ConfigError("bad rank", got=f"{self.rank} of {self.size}", expected="0 <= rank < size")

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes logs and files."""
        return self.rank == 0

    def sum(self, values: Sequence[float]) -> list[float]:
        """Each value summed over the processes, in float64. Every process must call it."""
        if self.size == 1:
            return list(values)
        totals = torch.tensor(values, dtype=torch.float64)
        collectives.all_reduce(totals)
        return [float(total) for total in totals]

    def gather(self, value: T) -> list[T]:
        """Every process's value, by rank. Every process must call it."""
        if self.size == 1:
            return [value]
        values: list[Any] = [None] * self.size
        collectives.all_gather_object(values, value)
        return values

    def together(self, make: Callable[[], T]) -> T:
        """What ``make`` gives here, once it has given something everywhere. Every process must call it.

        Raises ``JointError`` in every process if ``make`` raises a ``UnioError`` in any: none goes on to
        wait for one that does not come. A process on its own raises the error as it is.
        """
        if self.size == 1:
            return make()
        made, failure = None, None
        try:
            made = make()
        except UnioError as error:
            failure = error
        if self.sum([float(failure is not None)])[0]:
            told = self.gather(None if failure is None else str(failure))
            failed = [f"process {rank}: {message}" for rank, message in enumerate(told) if message]
            raise JointError("; ".join(failed)) from failure
        return cast(T, made)

    def wait(self) -> None:
        """Until every process is here."""
        if self.size > 1:
            collectives.barrier()


SOLO = Processes()
"""One process on its own."""


@contextmanager
def joined_processes(processes: Processes, *, device: torch.device) -> Generator[None]:
    """Inside, the processes hear each other; the launcher (torchrun) has said where they meet.

    The CPU side, gloo, carries counts and checkpoints; NCCL carries gradients between GPUs.
    """
    if processes.size == 1:
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
    dist.init_process_group(backend, rank=processes.rank, world_size=processes.size)
    try:
        yield
    finally:
        dist.destroy_process_group()
