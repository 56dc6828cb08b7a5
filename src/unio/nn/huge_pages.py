"""Memory in pages of 2 MB, for weights that are read in full again and again.

Narrow weights are small next to the 4 kB pages of ordinary memory: a product of one row spends a good part
of its time waiting for page addresses, and the processor fetches ahead within a page alone.
``benchmarks/products.py`` shows what it is worth on a machine.
"""

import mmap

import torch
from torch import Tensor

__all__ = ["HugePages"]

ALIGNMENT = 64
"""Bytes of a cache line; the packed kernels want tensors to start on one."""


class HugePages:
    """One stretch of memory that tensors are moved into, one after another.

    Only what is written takes memory. Where a system has no huge pages, the pages are ordinary ones.
    """

    def __init__(self, nbytes: int) -> None:
        """``nbytes``: room for the tensors, `room_for` each."""
        self._memory = _anonymous(max(nbytes, ALIGNMENT))
        self._bytes = torch.frombuffer(self._memory, dtype=torch.uint8)
        self._taken = 0

    @staticmethod
    def room_for(tensor: Tensor) -> int:
        """Bytes that a tensor takes here."""
        return -(-tensor.nbytes // ALIGNMENT) * ALIGNMENT

    def move(self, tensor: Tensor) -> Tensor:
        """A contiguous copy of a CPU tensor that lies here, and keeps this memory alive."""
        end = self._taken + tensor.nbytes
        if end > len(self._bytes):
            raise ValueError(f"{tensor.nbytes} bytes do not fit behind {self._taken} of {len(self._bytes)}")
        place = self._bytes[self._taken : end].view(tensor.dtype).view(tensor.shape)
        self._taken += self.room_for(tensor)
        return place.copy_(tensor)


def _anonymous(nbytes: int) -> mmap.mmap:
    if not hasattr(mmap, "MADV_HUGEPAGE"):
        return mmap.mmap(-1, nbytes)
    # Shared memory, which is what mmap gives unasked, follows another setting and stays in small pages.
    memory = mmap.mmap(-1, nbytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_HUGEPAGE)
    return memory
