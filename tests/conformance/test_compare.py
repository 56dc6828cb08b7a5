"""The recorded cases, compared by the very command a newcomer would run."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
DATA = HERE / "data"


def compare(folder: Path, case: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, HERE / "compare.py", folder, case], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("case", "keys"), [("qknorm", 36), ("cosine", 32)])
def test_every_recorded_key(case: str, keys: int):
    result = compare(DATA, case)
    assert "FAIL" not in result.stdout, result.stdout
    assert result.stdout.splitlines()[-1] == f"{keys} of {keys} ok", result.stderr
    assert result.returncode == 0


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A case of three cheap keys, to be spoilt."""
    for name in ("seeded.py", "config_cosine.json", "params_cosine.json"):
        shutil.copy(DATA / name, tmp_path)
    with np.load(DATA / "cosine.npz") as recorded:
        keys = ("ast/second", "embed/text_mask", "embed/audio_rope")
        np.savez(tmp_path / "cosine.npz", **{key: recorded[key] for key in keys})
    return tmp_path


def test_a_wrong_a_misshapen_and_an_unknown_key_fail(changed: Path):
    with np.load(changed / "cosine.npz") as recorded:
        arrays = dict(recorded)
    arrays["ast/second"][0, 0, 0] += 0.1
    arrays["embed/text_mask"] = arrays["embed/text_mask"][:, :20]
    arrays["vit/third"] = np.zeros(3)
    np.savez(changed / "cosine.npz", **arrays)
    result = compare(changed, "cosine")
    verdicts = {line.split()[0]: line for line in result.stdout.splitlines()[:-1]}
    assert {key for key, line in verdicts.items() if "FAIL" in line} == {
        "ast/second",
        "embed/text_mask",
        "vit/third",
    }
    assert "unknown key" in verdicts["vit/third"]
    assert "shape (2, 23), recorded (2, 20)" in verdicts["embed/text_mask"]
    assert result.stdout.splitlines()[-1] == "1 of 4 ok"
    assert result.returncode == 1


def test_parameters_that_do_not_fit_fail(changed: Path):
    shapes = json.loads((changed / "params_cosine.json").read_text())
    del shapes["encoder.encoder_norm.scale"]
    (changed / "params_cosine.json").write_text(json.dumps(shapes))
    result = compare(changed, "cosine")
    assert "missing 1 (encoder.norm.scale)" in result.stderr
    assert result.stdout.splitlines()[-1] == "0 of 3 ok"
    assert result.returncode == 1
