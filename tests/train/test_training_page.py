"""The example of docs/training.md, run as it stands on four pictures and a tiny model."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from unio.infer import load
from unio.media import save_image

ROOT = Path(__file__).parents[2]


def test_the_example_tunes_a_model_on_a_users_pictures(
    tmp_path: Path, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_model_folder, tmp_path / "runs" / "nano" / "model" / "model")
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    lines = []
    for name, colour in {
        "red": (255, 0, 0),
        "blue": (0, 0, 255),
        "lime": (0, 255, 0),
        "grey": (99, 99, 99),
    }.items():
        save_image(np.full((20, 30, 3), colour, dtype=np.uint8), tmp_path / "my_pictures" / f"{name}.png")
        lines.append(json.dumps({"file": f"{name}.png", "caption": f"A {name} wall."}))
    (tmp_path / "my_pictures" / "captions.jsonl").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "training.md").read_text(), re.DOTALL)
    exec(compile(block, "docs/training.md", "exec"), {"__name__": "page"})
    tuned = load(tmp_path / "runs" / "captions" / "model")
    answer = tuned.run("caption", image=tmp_path / "my_pictures" / "red.png")
    assert isinstance(answer.text, str)
