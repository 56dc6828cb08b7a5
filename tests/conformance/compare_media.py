"""Compare our preprocessing with recorded outputs of the reference.

    python tests/conformance/compare_media.py FOLDER

FOLDER holds pictures (``NAME.png``) and sounds (``NAME.wav``, 16 kHz), each with a ``NAME.npz`` in the format
of the fixtures' README. Every key gets a line ``file  key  max_abs_err  tolerance  ok|FAIL``, and the last
line says ``N of M ok``. The exit status is 0 only if all are.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from media_outputs import Recording, picture_outputs, sound_outputs

from unio.core import UnioError


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one key came out; ``note`` says what went wrong where the error cannot."""

    name: str
    key: str
    error: float
    tolerance: float
    note: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.note and self.error <= self.tolerance

    def __str__(self) -> str:
        ending = "ok" if self.is_ok else "FAIL"
        note = f"  ({self.note})" if self.note else ""
        return f"{self.name:<20}  {self.key:<24}  {self.error:.3e}  {self.tolerance:.3e}  {ending}{note}"


def compare_file(path: Path) -> Iterator[Verdict]:
    """One verdict for each key of the npz beside ``path``."""
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as recorded:
        expected = {key: recorded[key] for key in recorded.files}
    compute = picture_outputs if path.suffix == ".png" else sound_outputs
    try:
        found = compute(path, expected)
    except UnioError as error:
        found, reason = {}, str(error)
    else:
        reason = "unknown key"
    for key, values in expected.items():
        if key not in found:
            yield Verdict(name=path.name, key=key, error=np.inf, tolerance=0.0, note=reason)
        else:
            yield compare_key(path.name, key, found[key], values)


def compare_key(name: str, key: str, found: Recording, expected: np.ndarray) -> Verdict:
    """Compare one array by its largest error, and by its mean error where that has a bound of its own."""
    tolerance = found.tolerance(expected)
    if found.values.shape != expected.shape:
        note = f"shape {found.values.shape}, recorded {expected.shape}"
        return Verdict(name=name, key=key, error=np.inf, tolerance=tolerance, note=note)
    errors = np.abs(found.values.astype(np.float64) - expected)
    mean = float(errors.mean()) if errors.size else 0.0
    note = (
        f"mean error {mean:.3e}" if found.mean_tolerance is not None and mean > found.mean_tolerance else ""
    )
    return Verdict(name=name, key=key, error=float(errors.max(initial=0.0)), tolerance=tolerance, note=note)


def main() -> int:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    paths = sorted(
        path
        for path in folder.glob("*.npz")
        if path.with_suffix(".png").exists() or path.with_suffix(".wav").exists()
    )
    passed = total = 0
    for path in paths:
        picture = path.with_suffix(".png")
        for verdict in compare_file(picture if picture.exists() else path.with_suffix(".wav")):
            print(verdict, flush=True)
            total += 1
            passed += verdict.is_ok
    print(f"{passed} of {total} ok")
    return 0 if passed == total > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
