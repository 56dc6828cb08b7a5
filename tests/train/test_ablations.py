"""benchmarks/ablations.py: its switches are settings that a run file has, and its page draws every run."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from unio.train import ModelRun, read_run
from unio.train.meters import Meters
from unio.train.step_report import StepReport

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "ablations.py"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.mark.parametrize("name", ["base", "no_denoisers", "no_dynamic_mask", "no_qk_norm"])
def test_each_switch_is_a_setting(script: dict[str, Any], tmp_path: Path, name: str) -> None:
    if name == "no_denoisers" and "denoising" not in ModelRun.model_fields:
        pytest.skip("runs have no denoising here")
    chosen = read_run(script["BASE"], script["overrides_of"](name, out=tmp_path, steps=40, extra=[]))
    assert isinstance(chosen, ModelRun)
    assert chosen.model is not None
    config = chosen.model.resolve()
    assert (config.dynamic_mask == "none") == (name == "no_dynamic_mask")
    assert (config.trunk.attention == "plain") == (name == "no_qk_norm")
    assert chosen.loop.steps == 40
    assert chosen.out == tmp_path / name


def test_the_page_draws_the_runs_that_are_there(script: dict[str, Any], tmp_path: Path) -> None:
    for name in ("base", "no_qk_norm"):
        (tmp_path / name).mkdir()
        meters = Meters(tmp_path / name)
        meters.add(StepReport(losses={"loss": 2.0}, gradient_norm=3.0), waited=0.0)
        meters.flush(step=1, learning_rate=0.1)
    script["main"](["--draw", "--out", str(tmp_path)])
    page = (tmp_path / "ablations.html").read_text()
    assert ">training loss<" in page
    assert ">gradient norm (mean)<" in page
    assert ">base 2<" in page
    assert ">no_qk_norm 3<" in page
    assert "no_dynamic_mask" not in page
