from pathlib import Path

import pytest
import torch

from unio.codecs import ViTVQGAN
from unio.core import ConfigError
from unio.model import UnifiedIO, load_model
from unio.train import train_model
from unio.train.codec_folder import load_audio_codec, load_image_codec, save_codec
from unio.train.model_building import build_model
from unio.train.model_config import ModelRun
from unio.train.run import read_run
from unio.vocab import TextTokenizer

RECIPE = Path(__file__).parents[2] / "configs" / "nano" / "sharpen.yaml"


def built(folder: Path, *changes: str) -> UnifiedIO:
    run = read_run(RECIPE, [f"start={folder}", *changes])
    assert isinstance(run, ModelRun)
    tokenizer = TextTokenizer.from_file(folder / "tokenizer.model")
    return build_model(run, tokenizer, device=torch.device("cpu"))


def test_named_parts_begin_anew(tiny_model_folder: Path) -> None:
    before = dict(load_model(tiny_model_folder).named_parameters())
    parts = ("input_embedders.image_history.resampler", "decoder.norm.scale")
    after = dict(built(tiny_model_folder, f"anew=[{', '.join(parts)}]").named_parameters())
    latents = "input_embedders.image_history.resampler.latents"
    assert not torch.equal(before[latents], after[latents])
    assert torch.equal(after["decoder.norm.scale"], torch.ones_like(after["decoder.norm.scale"]))
    kept = [name for name in before if not name.startswith(parts)]
    assert kept
    assert all(torch.equal(before[name], after[name]) for name in kept)


def test_a_part_that_is_not_there(tiny_model_folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such part of the model to begin anew: got .decodr."):
        built(tiny_model_folder, "anew=[decodr]")


def test_frozen_parts_do_not_learn(tiny_model_folder: Path, tmp_path: Path) -> None:
    parts = ("input_embedders.image_history.resampler", "decoder.norm.scale")
    run = read_run(
        RECIPE,
        [
            f"start={tiny_model_folder}",
            f"out={tmp_path}",
            "mixture={weights: {caption: 1, image_from_text: 1, audio_from_text: 1}}",
            "batch={text: 3, image: 2, audio: 1, multiple: 4, remembered: 1.0}",
            "loader.workers=0",
            "loop={steps: 3, log_every: 1}",
            "average_decay=0",
            "compile=false",
            f"frozen=[{', '.join(parts)}]",
        ],
    )
    assert isinstance(run, ModelRun)
    assert train_model(run)
    before = load_model(tiny_model_folder, dtype=torch.bfloat16).state_dict()
    after = load_model(tmp_path / "model", dtype=torch.bfloat16).state_dict()
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert not [name for name in changed if name.startswith(parts)]
    assert any(name.startswith("input_embedders.image.encoder") for name in changed)
    assert any(name.startswith("decoder.layers") for name in changed)


def test_a_part_that_is_not_there_cannot_be_frozen(tiny_model_folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such part of the model to be frozen: got .resampler."):
        built(tiny_model_folder, "frozen=[resampler]")


def test_other_codecs_take_the_place_of_the_models_own(tiny_model_folder: Path, tmp_path: Path) -> None:
    codec = load_image_codec(tiny_model_folder)
    with torch.no_grad():
        for value in codec.parameters():
            value.add_(1.0)
    save_codec(codec, tmp_path)
    before = load_model(tiny_model_folder).state_dict()
    after = built(tiny_model_folder, f"image_codec={tmp_path}").state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {f"image_codec.{name}" for name, _ in codec.named_parameters()}


def test_a_codec_of_other_sizes(tiny_model_folder: Path, tmp_path: Path) -> None:
    config = load_audio_codec(tiny_model_folder).config
    save_codec(ViTVQGAN(config.model_copy(update={"num_codes": 2 * config.num_codes})), tmp_path)
    codes = config.num_codes
    with pytest.raises(ConfigError, match=f"got num_codes={2 * codes}; expected num_codes={codes}"):
        built(tiny_model_folder, f"audio_codec={tmp_path}")
