"""Which kernel multiplies one row, or two, by a matrix the fastest: what `unio.nn.Linear` chooses among.

    python benchmarks/products.py [--dim 1024] [--mlp 2816]

For each dtype, way and matrix: the share of the bandwidth of a plain sum at which the weights are read. The
matrices of one line are 300 MB together, so that none is found in a cache. ``fused`` are queries, keys and
values, or gate and up, as one matrix; ``huge pages`` is what quantised weights lie in.
"""

import argparse
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from unio.nn import Int4Linear, Int8Linear, Linear
from unio.nn.huge_pages import HugePages
from unio.nn.row_products import multiply_rows

TOTAL_BYTES = 300_000_000


def seconds(run: Callable[[], object]) -> float:
    """The best of six, after one that warms up."""
    times: list[float] = []
    run()
    for _ in range(6):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def bandwidth() -> float:
    buffer = torch.ones(1 << 28)
    return buffer.nbytes / seconds(buffer.sum)


def copies(weight: Tensor, *, count: int, is_huge: bool = False) -> list[Tensor]:
    """The same matrix many times over, each in a place of its own."""
    if not is_huge:
        return [weight.clone() for _ in range(count)]
    pages = HugePages(HugePages.room_for(weight) * count)
    return [pages.move(weight) for _ in range(count)]


def dots(x: Tensor, weight: Tensor) -> Tensor:
    return multiply_rows(x, weight, way="dots")


def plain_ways(dtype: torch.dtype) -> dict[str, Callable[[Tensor, Tensor], Tensor]]:
    """Products of rows with a matrix that is not quantised."""
    return {
        f"{dtype} linear(x, w)": F.linear,
        f"{dtype} mm(w, x^T)": lambda x, w: torch.mm(w, x.t()),
        f"{dtype} mm(w, [x x]^T)": lambda x, w: multiply_rows(x, w, way="columns"),
        f"{dtype} compiled (w * x).sum": torch.compile(dots, dynamic=False),
    }


def shares(outputs: int, inputs: int, *, rows: int, speed: float) -> dict[str, float]:
    """Every way's share of the bandwidth."""
    torch.compiler.reset()  # or its limit of shapes for one function would be met
    found: dict[str, float] = {}
    for dtype in (torch.float32, torch.bfloat16):
        weight, x = torch.randn(outputs, inputs).to(dtype), torch.randn(rows, inputs).to(dtype)
        weights = copies(weight, count=max(2, TOTAL_BYTES // weight.nbytes))
        for way, product in plain_ways(dtype).items():
            taken = seconds(lambda: [product(x, one) for one in weights])  # noqa: B023
            found[way] = len(weights) * weight.nbytes / taken / speed
    linear = Linear(inputs, outputs).bfloat16()
    x = torch.randn(rows, inputs).bfloat16()
    for kind in (Int8Linear, Int4Linear):
        for is_huge in (False, True):
            matrix = kind.from_linear(linear)
            parts = [(name, part) for name, part in matrix.named_buffers()]
            count = TOTAL_BYTES // matrix.nbytes
            name, largest = max(parts, key=lambda part: part[1].nbytes)
            weights = copies(largest, count=count, is_huge=is_huge)

            def run(
                matrix: torch.nn.Module = matrix, name: str = name, weights: list[Tensor] = weights
            ) -> None:
                for one in weights:
                    setattr(matrix, name, one)
                    matrix(x)

            way = f"{kind.__name__}{', huge pages' if is_huge else ''}"
            found[way] = count * matrix.nbytes / seconds(run) / speed
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dim", type=int, default=1024)
    parser.add_argument("--mlp", type=int, default=2816)
    parser.add_argument("--rows", type=int, default=1)
    chosen = parser.parse_args()
    dim, mlp = chosen.dim, chosen.mlp
    shapes = {
        "out": (dim, dim),
        "query, key, value fused": (3 * dim, dim),
        "gate": (mlp, dim),
        "gate, up fused": (2 * mlp, dim),
        "down": (dim, mlp),
    }
    with torch.inference_mode():
        speed = bandwidth()
        print(f"{speed / 1e9:.1f} GB/s, {torch.get_num_threads()} threads, {chosen.rows} rows\n")
        columns = {name: shares(*shape, rows=chosen.rows, speed=speed) for name, shape in shapes.items()}
    print(f"| way | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for way in next(iter(columns.values())):
        print(f"| {way} | {' | '.join(f'{found[way]:.2f}' for found in columns.values())} |")


if __name__ == "__main__":
    main()
