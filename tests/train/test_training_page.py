"""The example of docs/training.md, run as it stands on four pictures and a tiny model."""

import json
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from unio.cli.main import run_command_line
from unio.infer import load
from unio.media import save_image

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(tmp_path: Path, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page's text; the working folder holds a tiny model in nano's place, and four pictures."""
    shutil.copytree(tiny_model_folder, tmp_path / "src" / "unio" / "assets" / "nano")
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    colours = {"red": (255, 0, 0), "blue": (0, 0, 255), "lime": (0, 255, 0), "grey": (99, 99, 99)}
    lines = []
    for name, colour in colours.items():
        save_image(np.full((20, 30, 3), colour, dtype=np.uint8), tmp_path / "my_pictures" / f"{name}.png")
        lines.append(json.dumps({"file": f"{name}.png", "caption": f"A {name} wall."}))
    (tmp_path / "my_pictures" / "captions.jsonl").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    return (ROOT / "docs" / "training.md").read_text()


def test_the_commands_tune_a_model_on_a_users_pictures(page: str, tmp_path: Path) -> None:
    (builder,) = re.findall(r"```yaml\n(name: mine\n.*?)```", page, re.DOTALL)
    (tmp_path / "my_builders").mkdir()
    (tmp_path / "my_builders" / "mine.yaml").write_text(builder)
    (commands,) = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)
    for command in commands.splitlines():
        program, *arguments = shlex.split(command)
        assert program == "unio"
        assert run_command_line(arguments) == 0, command
    assert (tmp_path / "runs" / "mine" / "live.html").exists()
    card = (tmp_path / "runs" / "mine" / "model" / "README.md").read_text()
    assert "Data: My pictures and what is on them (licence: my own).\n" in card
    assert (tmp_path / "runs" / "mine_lora" / "adapters").exists() or (
        tmp_path / "runs" / "mine_lora" / "model"
    ).exists()


def test_the_example_tunes_a_model_on_a_users_pictures(page: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(block, "docs/training.md", "exec"), {"__name__": "page"})
    folder = tmp_path / "runs" / "captions" / "model"
    assert "Data: examples of a source given in Python.\n" in (folder / "README.md").read_text()
    tuned = load(folder)
    answer = tuned.run("caption", image=tmp_path / "my_pictures" / "red.png")
    assert isinstance(answer.text, str)
