"""The recorded media pass whole, and a wrong recording is noticed."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
MEDIA = HERE / "data" / "media"


def compare(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / "compare_media.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_recorded_media_pass_whole():
    result = compare(MEDIA)
    lines = result.stdout.splitlines()
    assert result.returncode == 0, result.stdout + result.stderr
    assert lines[-1] == "45 of 45 ok"
    assert len(lines) == 46
    assert all(line.endswith("  ok") for line in lines[:-1])


def test_wrong_recording_fails(tmp_path: Path):
    shutil.copy(MEDIA / "tall_90x300.png", tmp_path)
    with np.load(MEDIA / "tall_90x300.npz") as recorded:
        arrays = dict(recorded)
    arrays["input/box_token_ids"] = arrays["input/box_token_ids"] + 1
    arrays["input/pixels"] = arrays["input/pixels"] + np.float32(0.05)
    arrays["input/other"] = np.zeros(3, np.float32)
    np.savez(tmp_path / "tall_90x300.npz", **arrays)
    result = compare(tmp_path)
    failed = [line.split()[1] for line in result.stdout.splitlines() if "FAIL" in line]
    assert result.returncode == 1
    assert sorted(failed) == ["input/box_token_ids", "input/other", "input/pixels"]
    assert result.stdout.splitlines()[-1] == "9 of 12 ok"


def test_empty_folder_fails(tmp_path: Path):
    result = compare(tmp_path)
    assert (result.returncode, result.stdout.strip()) == (1, "0 of 0 ok")
