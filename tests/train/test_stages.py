"""A recipe of several runs; the shipped one is run as it stands, with everything small."""

import json
from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.model import load_model
from unio.train import read_run, run
from unio.train.stages import StagesRun

SPEEDRUN = Path(__file__).parents[2] / "configs" / "nano" / "speedrun.yaml"
STACK = "{dim: 8, num_layers: 1, num_heads: 2, head_dim: 4, mlp_dim: 12}"
TRUNK = "{dim: 16, num_heads: 2, head_dim: 8, mlp_dim: 20, encoder_layers: 1, decoder_layers: 1}"
CODEC = ["pool.count=34", "pool.chunk=17", "pool.workers=0", "compile=false", "batch_size=2", "loop.steps=2"]


def small(tmp_path: Path) -> list[str]:
    pictures = "{channels: 4, channel_multipliers: [1, 1, 1, 2], num_groups: 2, num_codes: 20}"
    sounds = f"{{encoder: {STACK}, decoder: {STACK}, num_codes: 10}}"
    more = {
        "tokenizer": [f"out={tmp_path}/tokenizer", "count=200", "size=400", "workers=0"],
        "image_codec": [
            f"out={tmp_path}/image",
            f"pool_folder={tmp_path}/pictures",
            f"model.changes.image_codec={pictures}",
            *CODEC,
        ],
        "audio_codec": [
            f"out={tmp_path}/audio",
            f"pool_folder={tmp_path}/sounds",
            f"model.changes.audio_codec={sounds}",
            *CODEC,
        ],
        "model": [
            f"out={tmp_path}/model",
            f"tokenizer={tmp_path}/tokenizer/tokenizer.model",
            f"image_codec={tmp_path}/image/codec",
            f"audio_codec={tmp_path}/audio/codec",
            f"model.changes.trunk={TRUNK}",
            "batch={text: 2, image: 1, audio: 1}",
            "packing={form: fixed, rows: 2, encoder_length: 384, decoder_length: 300, pool: 8}",
            "loader.workers=0",
            "compile=false",
            "loop.steps=2",
        ],
    }
    return [f"out={tmp_path}", *(f"stages.{name}.more={json.dumps(given)}" for name, given in more.items())]


def test_the_speedrun_makes_a_model_and_counts_its_minutes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = small(tmp_path)
    stopped[-1] = stopped[-1].replace('"loop.steps=2"', '"loop.steps=2", "loop.stop_after_minutes=1e-9"')
    assert not run(SPEEDRUN, stopped)
    assert "stage model: stopped; the same command goes on" in capsys.readouterr().err
    assert run(SPEEDRUN, small(tmp_path))
    told = capsys.readouterr().err
    assert "is there already" in told  # the tokenizer
    assert "image codec: all 2 steps are done" in told
    assert load_model(tmp_path / "model" / "model").config.image_codec.num_codes == 20
    lines = [json.loads(line) for line in (tmp_path / "stages.jsonl").read_text().splitlines()]
    names = ["tokenizer", "image_codec", "audio_codec", "model"]
    assert [line["stage"] for line in lines] == names * 2
    assert [line["is_done"] for line in lines] == [True, True, True, False] + [True] * 4


def test_every_stage_of_the_speedrun_is_a_run() -> None:
    recipe = read_run(SPEEDRUN)
    assert isinstance(recipe, StagesRun)
    for stage in recipe.stages.values():
        assert read_run(SPEEDRUN.parent / stage.config, stage.overrides).out.parts[:2] == ("runs", "speedrun")


def test_a_recipe_without_stages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("kind: stages\nout: x\nstages: {}\n")
    with pytest.raises(ConfigError, match="at least one stage"):
        read_run(path)
