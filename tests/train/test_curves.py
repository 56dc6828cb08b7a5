import builtins
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from unio.core import MissingExtraError
from unio.train.curves import draw_curves, smooth
from unio.train.meters import Meters, StepReport


def write_log(folder: Path) -> Path:
    meters = Meters(folder)
    for step in (1, 2, 3):
        losses = {"loss": 1 / step} | ({"adversarial": 0.5} if step > 1 else {})
        meters.add(StepReport(losses=losses, gradient_norm=1.0, examples=2), waited=0.0)
        meters.flush(step=step, learning_rate=0.1)
    return meters.path


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_curves(write_log(tmp_path), tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 400


def test_without_lines_nothing_is_drawn(tmp_path: Path) -> None:
    draw_curves(tmp_path / "none.jsonl", tmp_path / "curves.png")
    assert not (tmp_path / "curves.png").exists()


def test_smoothing_is_a_running_mean() -> None:
    assert smooth([4.0, 2.0, 0.0, 6.0], share=0.5) == [4.0, 3.0, 1.0, 3.0]
    assert smooth([1.0, 2.0]) == [1.0, 2.0]


def test_a_missing_matplotlib_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = write_log(tmp_path)
    real = builtins.__import__

    def refuse(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(
        MissingExtraError, match=r"'matplotlib' is not installed: fix: pip install 'unio\[train\]'"
    ):
        draw_curves(log, tmp_path / "curves.png")
