"""The house as a whole: imports, floors, shipped files, documentation that says what is."""

import ast
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "unio"
LOWER_ROOMS = ("core", "schema", "vocab", "media", "playroom")


def python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("module", ["unio", "unio.cli.main", *(f"unio.{room}" for room in LOWER_ROOMS)])
def test_importing_it_does_not_import_torch(module: str) -> None:
    heavy = python("-c", f"import sys, {module}; print(*{{'torch', 'mujoco'}} & set(sys.modules))")
    assert heavy.stdout.strip() == ""


def test_listing_the_tasks_does_not_import_torch() -> None:
    done = python("-X", "importtime", "-m", "unio", "tasks")
    assert done.returncode == 0
    assert re.search(r"\|\s+unio\.data\.tasks$", done.stderr, flags=re.MULTILINE)
    assert not re.search(r"\|\s+torch$", done.stderr, flags=re.MULTILINE)


def test_every_room_has_its_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = settings["contracts"][0]
    assert floors["exhaustive"]
    named = {room.strip() for layer in floors["layers"] for room in layer.split("|")}
    rooms = {path.name for path in SOURCES.iterdir() if (path / "__init__.py").exists()}
    assert named == rooms


def test_at_most_twelve_base_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert len(project["dependencies"]) <= 12


def test_constraints_are_exact_and_keep_torchvision_out() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line) for line in lines)
    names = {line.partition("==")[0].lower() for line in lines}
    assert "torch" in names
    assert not names & {"torchvision", "torchaudio"}


def test_every_public_module_says_what_it_holds() -> None:
    silent = [path for path in SOURCES.rglob("*.py") if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_no_file_is_two_rooms() -> None:
    long = {
        path.name: lines
        for path in SOURCES.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_the_readme_is_short_and_its_example_runs(
    tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 150
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(block.replace("unio-nano", str(tiny_model_folder)), "README.md", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == {"drawn.png", "boxes.png", "fall.wav"}


def test_links_in_the_documentation_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text())
        if not link.startswith("http") and not (page.parent / link).exists()
    ]
    assert broken == []


def test_generated_pages_are_what_the_sources_say() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_run(
    tiny_model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture = tmp_path / "picture.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)).save(picture)
    arguments = {
        "ask_a_picture.py": picture,
        "draw_and_sound.py": tmp_path / "out",
        "push_until_done.py": 0,
    }
    scripts = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert scripts == set(arguments), "every example is run here"
    for name, own in arguments.items():
        monkeypatch.setattr(sys, "argv", [name, str(own), str(tiny_model_folder)])
        runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")
        assert capsys.readouterr().out.strip()
    assert len(list((tmp_path / "out").iterdir())) == 4
