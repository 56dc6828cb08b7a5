"""Benchmarks still run: a few of each kind, as small as can be, in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "train.py": ("--text 1 --image 1 --audio 1 --steps 1 --warmup 0", "MFU"),
    "blind_pictures.py": ("--scenes 2", "| inpaint |"),
    "drawing.py": ("--scenes 2 --family image_edit --decode temperature=0", "| temperature=0 |"),
    "loading.py": ("--size-only", "| everything | 4.32 | 2.71 |"),
}


@pytest.mark.parametrize("script", COMMANDS)
def test_a_benchmark_runs_and_prints(script):
    arguments, expected = COMMANDS[script]
    ran = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / script, *arguments.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert expected in ran.stdout
