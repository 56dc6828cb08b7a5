"""Training and answering work on a device that is not the CPU, and seldom make it wait.

The device is a pretended one (`pretend_device`), in a process of its own.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
READS_A_STEP = {
    "train/model_learner.py _read_losses": 1,
    "train/step.py apply_gradients": 1,
}
"""Besides a copy of the losses of each token, for losses by family, at the end of a step."""


def run(*arguments: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "on_pretend_device.py", *arguments],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    "settings",
    [
        ("muon", "padded", "auto"),
        ("adamw", "variable", "segments"),
        ("adafactor", "fixed", "mask"),
    ],
    ids=" ".join,
)
def test_a_training_step_is_the_same_and_waits_only_at_its_end(settings: tuple[str, ...]) -> None:
    found = run("train", *settings)
    assert len(found["here"]) == 2
    for here, there in zip(found["here"], found["there"], strict=True):
        assert there == pytest.approx(here, abs=1e-4)
    reads = found["reads"]
    assert reads.pop("train/attribution.py sums_by_kind") > 0
    for line, times in READS_A_STEP.items():
        assert reads.pop(line) == 2 * times
    during_steps = {line for line in reads if not line.startswith(("train/snapshot.py", "train/export.py"))}
    assert not during_steps, reads


def test_answers_are_the_same() -> None:
    found = run("answer", "caption", "detect", "depth")
    assert found["here"][:2] == found["there"][:2]
    assert found["there"][2] == pytest.approx(found["here"][2], abs=0.5)
    assert sum(found["reads"].values()) < 30, "a read a token would be some hundred"
