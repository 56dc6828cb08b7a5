"""Compare our model with recorded outputs of the reference.

    python tests/conformance/compare.py FOLDER CASE

FOLDER holds seeded.py, config_CASE.json, params_CASE.json and CASE.npz. Every key of the npz is computed
and compared; each gets a line ``key  max_abs_err  tolerance  ok|FAIL``, and the last line says ``N of M ok``.
The exit status is 0 only if all are. For codes the error is the share that differs.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from case import load_case, read_recorded
from outputs import Outputs

from unio.core import UnioError

RELATIVE_TOLERANCE = 5e-5
"""Of the recorded array's largest magnitude."""
CODE_TOLERANCE = 0.002
"""Share of codes that may differ: stray near-ties."""

STRIDES: Mapping[str, Mapping[int, int]] = {
    "vit/last": {1: 8},
    "vit/second": {1: 8},
    "ast/last": {1: 4},
    "ast/second": {1: 4},
    "embed/image": {1: 8},
    "embed/image_rope": {1: 8},
    "encoder/hidden": {1: 8},
    "vqgan/decoded": {2: 8, 3: 8},
    "vitvqgan/decoded": {2: 4, 3: 4},
    "text/logits": {2: 16},
    "image/logits": {1: 16},
    "audio/logits": {1: 16},
}
"""Key -> axis -> step of the sub-sampling, as the fixtures' README has it."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one key came out; ``note`` says what went wrong where the error cannot."""

    key: str
    error: float
    tolerance: float
    note: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.note and self.error <= self.tolerance

    def __str__(self) -> str:
        ending = "ok" if self.is_ok else "FAIL"
        return f"{self.key:<34}  {self.error:.3e}  {self.tolerance:.3e}  {ending}" + (
            f"  ({self.note})" if self.note else ""
        )


def compare_key(key: str, expected: np.ndarray, outputs: Outputs) -> Verdict:
    """Compute ``key`` and compare it."""
    try:
        found = outputs.compute(key).numpy()
    except KeyError:
        return Verdict(key=key, error=np.inf, tolerance=0.0, note="unknown key")
    except (UnioError, RuntimeError, ValueError) as error:
        return Verdict(key=key, error=np.inf, tolerance=0.0, note=" ".join(str(error).split()))
    found = subsample(found, expected.shape, STRIDES.get(key, {}))
    if found.shape != expected.shape:
        return Verdict(
            key=key, error=np.inf, tolerance=0.0, note=f"shape {found.shape}, recorded {expected.shape}"
        )
    if key in ("vqgan/codes", "vitvqgan/codes_time_major"):
        return Verdict(key=key, error=float((found != expected).mean()), tolerance=CODE_TOLERANCE)
    error = float(np.abs(found.astype(np.float64) - expected).max(initial=0.0))
    if np.issubdtype(expected.dtype, np.integer):
        return Verdict(key=key, error=error, tolerance=0.0)
    return Verdict(key=key, error=error, tolerance=RELATIVE_TOLERANCE * float(np.abs(expected).max()))


def subsample(found: np.ndarray, shape: tuple[int, ...], strides: Mapping[int, int]) -> np.ndarray:
    """Every n-th entry along the axes that were recorded sparsely.

    The step is the README's; where that does not give the recorded length, the one step that does.
    """
    if found.ndim != len(shape):
        return found
    for axis, (length, recorded) in enumerate(zip(found.shape, shape, strict=True)):
        candidates = [strides.get(axis, 1), *range(1, length + 1)]
        step = next((step for step in candidates if -(-length // step) == recorded), 1)
        found = found.take(range(0, length, step), axis=axis)
    return found


@torch.inference_mode()
def main() -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("case")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # thousands of steps on tiny matrices: threads cost more than they bring
    recorded = read_recorded(arguments.folder, arguments.case)
    try:
        outputs = Outputs(load_case(arguments.folder, arguments.case, expected=recorded))
    except (UnioError, OSError, KeyError, ValueError) as error:
        print(f"cannot build the case: {error!r}", file=sys.stderr)
        print(f"0 of {len(recorded)} ok")
        return 1
    passed = 0
    for key, expected in recorded.items():
        verdict = compare_key(key, expected, outputs)
        passed += verdict.is_ok
        print(verdict, flush=True)
    print(f"{passed} of {len(recorded)} ok")
    return 0 if passed == len(recorded) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
