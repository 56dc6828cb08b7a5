"""The recipe of the history's resampler, as its file has it on a few pictures, and what it must not touch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from unio.core import CheckpointError, ConfigError
from unio.data import collate, featurise
from unio.data.remembered import remembered
from unio.media import image_patches, normalise_clip
from unio.model import UnifiedIO, load_model
from unio.schema import Example, InputModality, TargetModality
from unio.train import run
from unio.train.checkpoint import load_latest
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace
from unio.train.resampler_learner import ResamplerLearner, frame_patches, latent_grid
from unio.vocab import TextTokenizer

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "configs" / "nano" / "history.yaml"
NANO = ROOT / "src" / "unio" / "assets" / "nano"
RESAMPLER = "input_embedders.image_history.resampler."
PACE = Pace(rate_share=1.0, progress=0.0)


def settings(tmp_path: Path, out: str) -> list[str]:
    small = ["pool.count=68", "pool.chunk=34", "pool.workers=0", "batch_size=4", "loop.log_every=1"]
    return [*small, f"start={NANO}", f"out={tmp_path / out}", f"pool_folder={tmp_path / 'pool'}"]


def tensors(out: Path) -> dict[str, torch.Tensor]:
    checkpoint = load_latest(out / "checkpoints", report=print)
    assert checkpoint is not None
    return {f"{part}:{key}": value for part, held in checkpoint.parts.items() for key, value in held.items()}


def learner(*, detail: int = 4, seed: int = 0) -> ResamplerLearner:
    torch.manual_seed(seed)
    return ResamplerLearner(
        load_model(NANO),
        folder=NANO,
        detail=detail,
        config=OptimiserConfig(learning_rate=3e-3),
        held_out=frames(),
        device=torch.device("cpu"),
        precision="float32",
    )


def frames(*, size: int = 96) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, size, size, 3), dtype=np.uint8)


def model_of(one: ResamplerLearner, tmp_path: Path) -> UnifiedIO:
    one.preview(tmp_path, step=1)
    return load_model(tmp_path / "model")


def test_the_recipe_resumes_exactly_and_writes_a_model_and_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(RECIPE, [*settings(tmp_path, "whole"), "loop.steps=4"])
    run(RECIPE, [*settings(tmp_path, "pieces"), "loop.steps=4", "loop.stop_after_minutes=1e-9"])
    run(RECIPE, [*settings(tmp_path, "pieces"), "loop.steps=4"])
    ours, theirs = tensors(tmp_path / "whole"), tensors(tmp_path / "pieces")
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert torch.equal(value, theirs[name]), name
    assert "of the variance of 64 unseen frames" in capsys.readouterr().err
    assert (tmp_path / "whole" / "reconstructions.png").exists()
    for name in ("tokenizer.model", "generation_config.json", "training.json"):
        assert (tmp_path / "whole" / "model" / name).read_bytes() == (NANO / name).read_bytes()


def test_only_the_resampler_changes(tmp_path: Path) -> None:
    one = learner()
    one.step(frames(), pace=PACE)
    before = load_model(NANO).state_dict()
    for name, value in model_of(one, tmp_path).state_dict().items():
        if name.startswith(RESAMPLER) and value.ndim == 2:
            assert not torch.equal(value, before[name]), name
        elif not name.startswith(RESAMPLER):
            assert torch.equal(value, before[name]), name


def test_what_is_saved_is_as_loud_as_a_picture_and_what_learns_is_left_alone(tmp_path: Path) -> None:
    one = learner()
    before = {name: value.clone() for name, value in one.parts()["learned"].items()}
    saved = model_of(one, tmp_path)
    for name, value in one.parts()["learned"].items():
        assert torch.equal(value, before[name]), name
    text = TargetModality.TEXT
    seen = [
        Example(task="vqa", prompt="[Text] [S] <image_input>", target_modality=text, image=each)
        for each in frames()
    ]
    patches = loudness(saved, seen, modality=InputModality.IMAGE)
    latents = loudness(saved, [remembered(each) for each in seen], modality=InputModality.IMAGE_HISTORY)
    assert latents == pytest.approx(
        patches, rel=0.05
    )  # the picture is enlarged otherwise, the weights are bf16


@torch.no_grad()
def loudness(model: UnifiedIO, examples: Sequence[Example], *, modality: InputModality) -> float:
    tokenizer = TextTokenizer.from_file(NANO / "tokenizer.model")
    geometry = model.config.geometry
    features = [featurise(each, tokenizer=tokenizer, geometry=geometry) for each in examples]
    batch = collate(features, geometry=geometry).map(torch.as_tensor)
    stream = model.input_embedders(
        {modality: batch.streams[modality]}, token_embedder=torch.nn.Embedding(1, 1), freeze=True
    )
    return float(stream[0].hidden.square().mean().sqrt())


def test_frames_are_learned() -> None:
    one = learner()
    losses = [one.step(frames(), pace=PACE).losses["loss"] for _ in range(30)]
    assert losses[-1] < 0.8 * losses[0]


def test_frames_are_cut_as_those_of_examples_are() -> None:
    pixels = frames()
    one = learner()
    ours = frame_patches(one._frames(pixels), grid=(6, 6))
    theirs = [image_patches(normalise_clip(each / np.float32(255)), patch_size=16) for each in pixels]
    np.testing.assert_allclose(ours.numpy(), np.stack(theirs), atol=1e-5)


def test_cells_lie_where_they_are_in_the_picture() -> None:
    one = learner(detail=6)
    pixels = np.zeros((1, 96, 96, 3), np.uint8)
    pixels[0, :24, 72:, 0] = 255  # the last of the first row of 4 x 4 cells
    small = one._small(one._frames(pixels))[0]
    assert small.shape == (3, 24, 24)
    red = small[0] > small[0].min()
    assert bool(red[:6, 18:].all())
    assert int(red.sum()) == 36


def test_frames_of_another_size_are_resized() -> None:
    assert np.isfinite(learner().step(frames(size=64), pace=PACE).losses["loss"])


@pytest.mark.parametrize(("count", "expected"), [(16, (4, 4)), (32, (4, 8)), (7, (1, 7)), (1, (1, 1))])
def test_latents_lie_as_square_as_can_be(count: int, expected: tuple[int, int]) -> None:
    assert latent_grid(count) == expected


def test_what_is_not_finite_changes_nothing() -> None:
    one = learner()
    with torch.no_grad():
        one._model.input_embedders.image.encoder.class_token.fill_(torch.nan)
    before = {name: value.clone() for name, value in one.parts()["learned"].items()}
    report = one.step(frames(), pace=PACE)
    assert report.is_skipped
    assert report.reason == "its gradient is not finite"
    for name, value in one.parts()["learned"].items():
        assert torch.equal(value, before[name]), name


def test_another_resampler_is_refused() -> None:
    with pytest.raises(CheckpointError, match="belongs to another resampler"):
        learner().restore(learner(detail=5).parts())


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pool.count=64"):
        run(RECIPE, [*settings(tmp_path, "out"), "pool.count=64"])
    sounds = 'pool.entries=[{"task": "audio_tag", "field": "audio", "weight": 1}]'
    with pytest.raises(ConfigError, match="holds other media"):
        run(RECIPE, [*settings(tmp_path, "out"), sounds])
