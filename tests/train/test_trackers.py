import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from unio.core import MissingExtraError
from unio.train.trackers import flat, make_trackers

LINE = {"step": 4, "losses": {"text": 1.5, "task/vqa": 2.0}, "skipped": 0}


def test_figures_lie_on_one_level() -> None:
    assert flat(LINE) == {"losses/text": 1.5, "losses/task/vqa": 2.0, "skipped": 0.0}


class Recorder:
    """Stands in for a package that is not installed here; it notes what it is given."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def add_scalar(self, name: str, value: float, *, global_step: int) -> None:
        self.seen.append((name, value, global_step))

    def flush(self) -> None:
        self.seen.append("flush")

    def close(self) -> None:
        self.seen.append("close")

    def log(self, figures: dict[str, float], step: int | None = None) -> None:
        self.seen.append((figures, step))

    def finish(self) -> None:
        self.seen.append("finish")


def test_tensorboard_gets_a_scalar_a_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, module = Recorder(), ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = lambda log_dir: recorder  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    (tracker,) = make_trackers(("tensorboard",), name="x", out=tmp_path, config={})
    tracker.log(LINE)
    assert recorder.seen[0] == ("losses/text", 1.5, 4)
    assert recorder.seen[-1] == "flush"
    tracker.close()
    assert recorder.seen[-1] == "close"


def test_wandb_gets_the_line_and_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, module, settings = Recorder(), ModuleType("wandb"), {}

    def init(**given: Any) -> Recorder:
        settings.update(given)
        return recorder

    module.init = init  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wandb", module)
    (tracker,) = make_trackers(("wandb",), name="x", out=tmp_path, config={"seed": 1})
    tracker.log(LINE)
    tracker.close()
    assert recorder.seen == [(flat(LINE), 4), "finish"]
    assert settings == {
        "project": "unio",
        "name": "x",
        "group": "x",
        "dir": str(tmp_path),
        "config": {"seed": 1},
        "mode": "offline",  # nothing goes over the network unasked
    }
    make_trackers(("wandb_online",), name="x", out=tmp_path, config={})
    assert settings["mode"] == "online"


def test_tensorboard_itself_writes_an_event_file(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    (tracker,) = make_trackers(("tensorboard",), name="x", out=tmp_path, config={})
    tracker.log(LINE)
    tracker.close()
    assert list((tmp_path / "tensorboard").glob("events.out.*"))


def test_wandb_itself_writes_its_files_offline(tmp_path: Path) -> None:
    pytest.importorskip("wandb")
    (tracker,) = make_trackers(("wandb",), name="x", out=tmp_path, config={"seed": 1})
    tracker.log(LINE)
    tracker.close()
    assert list((tmp_path / "wandb").glob("offline-run-*"))


def test_the_extras_that_errors_name_are_there() -> None:
    pyproject = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert {"tensorboard", "wandb", "train"} <= set(pyproject["project"]["optional-dependencies"])


@pytest.mark.parametrize(("name", "module"), [("tensorboard", "torch.utils.tensorboard"), ("wandb", "wandb")])
def test_a_missing_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"the package '{name}' is not installed"):
        make_trackers((name,), name="x", out=tmp_path, config={})  # type: ignore[arg-type]
