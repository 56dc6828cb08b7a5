from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from unio.codecs import VQGAN, ViTVQGAN
from unio.core import ConfigError, WeightsError
from unio.model import ModelConfig, random_model, save_model
from unio.train.codec_folder import load_audio_codec, load_image_codec, save_codec


def test_codecs_come_back(tiny_config: ModelConfig, tmp_path: Path) -> None:
    for codec, load in (
        (VQGAN(tiny_config.image_codec), load_image_codec),
        (ViTVQGAN(tiny_config.audio_codec), load_audio_codec),
    ):
        save_codec(codec, tmp_path)
        loaded = load(tmp_path)
        assert loaded.config == codec.config
        for name, value in codec.state_dict().items():
            assert torch.equal(value, loaded.state_dict()[name]), name
    assert {path.name for path in tmp_path.iterdir()} == {"codec.json", "codec.safetensors"}


def test_codecs_are_taken_out_of_a_model(tiny_config: ModelConfig, tmp_path: Path) -> None:
    model = random_model(tiny_config, seed=3)
    save_model(model, tmp_path)
    for taken, held in (
        (load_image_codec(tmp_path), model.image_codec),
        (load_audio_codec(tmp_path), model.audio_codec),
    ):
        assert taken.config == held.config
        for name, value in held.state_dict().items():
            assert torch.equal(value, taken.state_dict()[name]), name


def test_a_missing_codec_says_how_to_train_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no image codec in .*unio train configs/nano/image_codec\.yaml"):
        load_image_codec(tmp_path)


def test_another_codec_is_refused(tiny_config: ModelConfig, tmp_path: Path) -> None:
    save_codec(VQGAN(tiny_config.image_codec), tmp_path)
    with pytest.raises(WeightsError, match="holds another codec: got image; expected audio"):
        load_audio_codec(tmp_path)


def drop(path: Path) -> None:
    state = load_file(path)
    state.pop("quantizer.embedding.weight")
    save_file(state, path)


def reshape(path: Path) -> None:
    state = load_file(path)
    state["quantizer.embedding.weight"] = torch.zeros(2, 2)
    save_file(state, path)


def add(path: Path) -> None:
    save_file(load_file(path) | {"quantizer.embedding.weight_2": torch.zeros(1)}, path)


@pytest.mark.parametrize("damage", [drop, reshape, add])
def test_weights_that_do_not_fit_are_refused(
    tiny_config: ModelConfig, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    save_codec(VQGAN(tiny_config.image_codec), tmp_path)
    damage(tmp_path / "codec.safetensors")
    with pytest.raises(WeightsError, match=r"does not fit its description: .*quantizer\.embedding"):
        load_image_codec(tmp_path)


def test_a_cut_file_is_refused(tiny_config: ModelConfig, tmp_path: Path) -> None:
    save_codec(VQGAN(tiny_config.image_codec), tmp_path)
    (tmp_path / "codec.safetensors").write_bytes(b"cut")
    with pytest.raises(WeightsError, match=r"cannot read .*codec\.safetensors"):
        load_image_codec(tmp_path)


def test_a_description_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codec.json").write_text('{"kind": "image", "codec": {"colour": 3}}')
    with pytest.raises(ConfigError, match="unknown key 'colour'"):
        load_image_codec(tmp_path)
