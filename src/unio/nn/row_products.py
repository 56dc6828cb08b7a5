"""The ways to multiply a few rows by a matrix on a CPU, and the fastest of them on this machine.

Decoding multiplies one row at a time, so reading the matrix takes the time, and how fast that goes depends on
the kernel: which one is best differs between processors by more than two (``benchmarks/products.py``). The
ways are measured once; the choice is kept in a file, as kernels round differently and the same seed must give
the same answer every time.
"""

import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, cast

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from unio.nn.precision import at_least_float32, product_dtype

__all__ = ["MOST_ROWS", "RowProduct", "fastest_row_product", "multiply_rows"]

RowProduct = Literal["linear", "columns", "dots"]
"""``linear`` is torch's own, ``columns`` is ``mm(w, x^T)``, ``dots`` sums products, in compiled code."""

MOST_ROWS: dict[RowProduct, int] = {"linear": 1 << 62, "columns": 16, "dots": 4}
"""With more rows than this a matrix is no longer read at the pace of memory, and ``linear`` is as fast."""

WIDENED_ROWS = 4
"""From so many rows on, a matrix that is widened for its product is multiplied faster (`product_dtype`)."""

PROBE_SHAPE = (2048, 2048)
PROBE_BYTES = 128_000_000
"""Matrices of a model together, so that none is found in a cache."""
PROBE_ROWS = (1, 2)


def multiply_rows(
    rows: Float[Tensor, "rows inputs"], weight: Float[Tensor, "outputs inputs"], *, way: RowProduct
) -> Float[Tensor, "rows outputs"]:
    """``rows @ weight^T``, in the dtype of ``rows``; by ``linear`` where ``way`` is not meant for them.

    Such are other devices than a CPU, more rows than `MOST_ROWS`, and for ``dots`` uncompiled code,
    which torch also falls back to beyond its limit of shapes for one function.
    """
    is_meant = weight.device.type == "cpu" and len(rows) <= MOST_ROWS[way]
    is_ready = way != "dots" or torch.compiler.is_compiling()
    match way if is_meant and is_ready else "linear":
        case "linear":
            wide = product_dtype(rows) if len(rows) >= WIDENED_ROWS else rows.dtype
            return F.linear(rows.to(wide), weight.to(wide)).to(rows.dtype)
        case "columns":
            # One column goes to another kernel, which is slower than two columns that are the same.
            columns = (rows.expand(2, -1) if len(rows) == 1 else rows).t()
            return torch.mm(weight, columns)[:, : len(rows)].t()
        case "dots":
            wide = at_least_float32(weight)
            # One sum for each row, so that compiled code makes them all in one reading of the matrix.
            dots = [(wide * at_least_float32(row)).sum(dim=-1) for row in rows.unbind()]
            return torch.stack(dots).to(rows.dtype)


def fastest_row_product(dtype: torch.dtype, *, is_compiled: bool, store: Path | None = None) -> RowProduct:
    """The way that took least time on this machine when it was first asked for.

    ``is_compiled``: for compiled code, which has one way more. ``store`` is the file of choices, by default
    ``unio/row_products.json`` in the user's cache folder; if it cannot be written, the next process measures
    anew.
    """
    file = store or _default_store()
    key = f"{_machine()}, {dtype}{', compiled' if is_compiled else ''}"
    kept = _read(file)
    way = kept.get(key)
    for known in MOST_ROWS:
        if way == known:
            return known
    measured = _measure(dtype, is_compiled=is_compiled)
    _write(file, {**_read(file), key: measured})
    return measured


def _default_store() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(folder).expanduser() / "unio" / "row_products.json"


def _machine() -> str:
    """What decides how fast kernels are: processor, torch and threads."""
    name = platform.processor()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), name)
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{name} {capability}, torch {torch.__version__}, {torch.get_num_threads()} threads"


@torch.no_grad()
def _measure(dtype: torch.dtype, *, is_compiled: bool) -> RowProduct:
    """The way of which one row and two rows together take least time."""
    outputs, inputs = PROBE_SHAPE
    count = PROBE_BYTES // (outputs * inputs * dtype.itemsize)
    weights = [torch.randn(outputs, inputs).to(dtype) for _ in range(count)]
    ways: dict[RowProduct, Callable[[Tensor, Tensor], Tensor]] = {
        "linear": F.linear,
        "columns": lambda rows, weight: multiply_rows(rows, weight, way="columns"),
    }
    if is_compiled:
        ways["dots"] = cast(Any, torch.compile(_dots, dynamic=False))  # pyright: ignore[reportUnknownMemberType]
    taken: dict[RowProduct, float] = {
        way: sum(_seconds(run, weights, rows=rows) for rows in PROBE_ROWS) for way, run in ways.items()
    }
    return min(taken, key=lambda way: taken[way])


def _dots(rows: Tensor, weight: Tensor) -> Tensor:
    return multiply_rows(rows, weight, way="dots")


def _seconds(run: Callable[[Tensor, Tensor], Tensor], weights: list[Tensor], *, rows: int) -> float:
    """The best of four sweeps over all matrices, after one that warms up."""
    x = torch.randn(rows, weights[0].shape[1]).to(weights[0].dtype)
    times: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        for weight in weights:
            run(x, weight)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def _read(file: Path) -> dict[str, str]:
    """The choices; none if the file is missing or not ours."""
    with suppress(OSError, ValueError):
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return cast(dict[str, str], found)
    return {}


def _write(file: Path, choices: dict[str, str]) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        beside.write_text(json.dumps(choices, indent=1), encoding="utf-8")
        beside.replace(file)
