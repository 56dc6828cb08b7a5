"""Memory: how much this process has used at most, and how much a device has."""

import os
import resource
import sys
from typing import Any, cast

import torch

__all__ = ["device_memory", "peak_memory"]


def peak_memory() -> float:
    """Most bytes used so far: of the GPU by tensors where there is one, else of this process."""
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        return float(torch.cuda.max_memory_allocated())
    # Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def device_memory(device: torch.device) -> float | None:
    """Bytes that ``device`` has in all; None where that cannot be told."""
    if device.type == "cuda":
        properties: Any = cast(Any, torch.cuda).get_device_properties(device)
        return float(properties.total_memory)
    if device.type == "cpu":
        return _machine_memory()
    return None


def _machine_memory() -> float | None:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
