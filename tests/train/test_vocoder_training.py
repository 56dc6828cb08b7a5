"""The vocoder's recipe, as its file has it, on a tiny set of sounds."""

from pathlib import Path

import numpy as np
import pytest
import torch

from unio.codecs.training.vocoder_objective import VocoderObjective, VocoderObjectiveConfig
from unio.codecs.vocoder import Vocoder, VocoderConfig
from unio.codecs.vocoder_folder import load_vocoder
from unio.core import CheckpointError, ConfigError
from unio.media import load_audio
from unio.schema import AudioGeometry
from unio.train import run
from unio.train.checkpoint import load_latest
from unio.train.log_file import read_log
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace
from unio.train.vocoder_learner import VocoderLearner

RECIPE = Path(__file__).parents[2] / "configs" / "nano" / "vocoder.yaml"
SMALL = [
    "pool.count=10",
    "pool.chunk=5",
    "pool.workers=0",
    "vocoder.channels=8",
    "batch_size=2",
    "piece_frames=8",
    "loop.log_every=1",
]
GEOMETRY = AudioGeometry(window=64, hop=16, mels=8, frames=21)


def settings(tmp_path: Path, out: str) -> list[str]:
    return [*SMALL, f"out={tmp_path / out}", f"pool_folder={tmp_path / 'pool'}"]


def tensors(out: Path) -> dict[str, torch.Tensor]:
    checkpoint = load_latest(out / "checkpoints", report=print)
    assert checkpoint is not None
    return {f"{part}:{key}": value for part, held in checkpoint.parts.items() for key, value in held.items()}


def test_the_recipe_trains_resumes_exactly_and_writes_sounds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(RECIPE, [*settings(tmp_path, "whole"), "loop.steps=4"])
    run(RECIPE, [*settings(tmp_path, "pieces"), "loop.steps=4", "loop.stop_after_minutes=1e-9"])
    run(RECIPE, [*settings(tmp_path, "pieces"), "loop.steps=4"])
    ours, theirs = tensors(tmp_path / "whole"), tensors(tmp_path / "pieces")
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert torch.equal(value, theirs[name]), name
    assert "log-mel error" in capsys.readouterr().err
    lines = read_log(tmp_path / "whole" / "log.jsonl")
    assert "adversarial" not in lines[0]["losses"]  # it begins after a quarter of the steps
    assert {"mel", "spectral", "adversarial", "features", "discriminator"} <= set(lines[-1]["losses"])
    vocoder = load_vocoder(tmp_path / "whole" / "vocoder")
    assert vocoder.config.mels == 64
    for name in ("0-original", "0-vocoder"):
        sound = load_audio(tmp_path / "whole" / "sounds" / f"{name}.wav", rate=16000)
        assert len(sound.samples) == 127 * 256
    assert (tmp_path / "whole" / "reconstructions.png").exists()


def learner() -> VocoderLearner:
    torch.manual_seed(0)
    sizes = VocoderConfig(mels=8, channels=16, upsample_factors=(4, 4), upsample_kernels=(8, 8))
    return VocoderLearner(
        Vocoder(sizes),
        VocoderObjective(VocoderObjectiveConfig(windows=(32, 64)), GEOMETRY),
        config=OptimiserConfig(learning_rate=3e-3),
        geometry=GEOMETRY,
        held_out=sounds(),
        device=torch.device("cpu"),
    )


def sounds() -> np.ndarray:
    times = np.arange(320) / 16000
    tones = np.stack([np.sin(2 * np.pi * hertz * times) for hertz in (500, 900, 1600)])
    return (8000 * tones).astype(np.int16)


def test_a_vocoder_learns_tones() -> None:
    ours = learner()
    losses = [ours.step(sounds(), pace=Pace(rate_share=1.0, progress=0.0)).losses["mel"] for _ in range(40)]
    assert losses[-1] < 0.6 * losses[0]


def test_another_vocoders_checkpoint_is_refused() -> None:
    with pytest.raises(CheckpointError, match="belongs to another vocoder"):
        learner().restore({"vocoder": {}, "optimiser": {}})


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "vocoder.mels=80",
            "does not fit the model's sounds: got 80 mel bands and a hop of 256; expected 64",
        ),
        ("pool.count=8", r"the pool is too small: got pool\.count=8; expected > 8"),
        ("piece_frames=128", "a piece is longer than a segment: got piece_frames=128; expected < 128"),
        ("piece_frames=2", "a piece is too short for its spectra: got piece_frames=2; expected > 2"),
        (
            "pool.entries=[{task: depth, field: image, weight: 1}]",
            "the pool holds other media: got field 'image'",
        ),
    ],
)
def test_settings_that_cannot_go_together_are_refused(tmp_path: Path, override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        run(RECIPE, [*settings(tmp_path, "out"), override])
