"""Names, folders, tokenizers, devices: what loads, and one clear line for what does not."""

import shutil
from pathlib import Path

import pytest
import torch

import unio
from unio.core import ConfigError, InputError, WeightsError
from unio.infer import loading
from unio.infer.loading import load, model_folder
from unio.model import ModelConfig, UnifiedIO, random_model, save_model
from unio.nn import QuantisedLinear
from unio.vocab import train_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model: UnifiedIO, tokenizer_file: Path) -> Path:
    made = tmp_path_factory.mktemp("models") / "tiny"
    save_model(model, made)
    shutil.copy(tokenizer_file, made / "tokenizer.model")
    return made


def test_a_folder_loads_and_answers_as_the_model_it_was_saved_from(folder: Path, model: UnifiedIO):
    predictor = load(str(folder), device="cpu")
    names = dict(model.named_parameters())
    assert all(torch.equal(value, names[name]) for name, value in predictor.model.named_parameters())
    assert not predictor.model.training
    assert predictor.generate("the red ball", max_tokens=4).text is not None


@pytest.mark.parametrize("dtype", ["bfloat16", torch.bfloat16])
def test_another_dtype(folder: Path, dtype: str | torch.dtype):
    predictor = load(folder, device="cpu", dtype=dtype)
    assert predictor.model.encoder.norm.scale.dtype is torch.bfloat16
    picture = torch.zeros(16, 16, 3, dtype=torch.uint8).numpy()
    assert predictor.generate("what is it?", image=picture, max_tokens=4).text is not None
    assert predictor.generate("a ball", image_history=[picture], output="image").image is not None
    assert predictor.generate("a bang", output="audio").audio is not None


@pytest.mark.compiled
def test_quantised_and_compiled(tmp_path: Path, tiny_config: ModelConfig, tokenizer_file: Path):
    trunk = tiny_config.trunk.model_copy(update={"mlp_dim": 64})
    even = random_model(tiny_config.model_copy(update={"trunk": trunk}), seed=3)
    save_model(even, tmp_path)
    shutil.copy(tokenizer_file, tmp_path / "tokenizer.model")
    predictor = load(tmp_path, device="cpu", quantise="int8")
    assert predictor.model.encoder.norm.scale.dtype is torch.bfloat16
    assert any(isinstance(part, QuantisedLinear) for part in predictor.model.decoder.modules())
    assert not predictor.model.decoder.has_compiled_steps
    assert predictor.generate("the red ball", max_tokens=4).text is not None
    wide = load(tmp_path, device="cpu", quantise="int4", dtype="float32", compiled=True)
    assert wide.model.encoder.norm.scale.dtype is torch.float32
    assert wide.model.decoder.has_compiled_steps


def test_an_unknown_quantisation(folder: Path):
    with pytest.raises(InputError, match="unknown quantisation"):
        load(folder, device="cpu", quantise="int3")


def test_a_published_folder_loads_in_parts(published_folder: Path):
    predictor = load(published_folder, device="cpu", dtype="bfloat16", modalities=["image"])
    picture = torch.zeros(16, 16, 3, dtype=torch.uint8).numpy()
    assert predictor.generate("what is it?", image=picture, max_tokens=4).text is not None
    with pytest.raises(InputError, match="loaded without image_target"):
        predictor.generate("a ball", output="image")
    with pytest.raises(InputError, match="loaded without audio"):
        predictor.generate("what is it?", audio=(torch.zeros(2000).numpy(), 16000), max_tokens=4)


def test_an_unknown_modality(folder: Path):
    with pytest.raises(InputError, match="unknown modality: got 'smell'; expected text, image, "):
        load(folder, modalities=["smell"])


def test_a_tokenizer_may_be_named(folder: Path, tmp_path: Path):
    bare = shutil.copytree(folder, tmp_path / "bare")
    moved = tmp_path / "words.model"
    shutil.move(bare / "tokenizer.model", moved)
    assert load(bare, device="cpu", tokenizer=moved).tokenizer.layout.base_size == 280


def test_settings_beside_the_weights_count(folder: Path, tmp_path: Path):
    other = shutil.copytree(folder, tmp_path / "other")
    (other / "generation_config.json").write_text('{"text": {"max_tokens": 2, "temperature": 0}}')
    assert load(other, device="cpu").defaults.text.max_tokens == 2
    (other / "preprocessor_config.json").write_text('{"image": {"input_size": 7}}')
    with pytest.raises(ConfigError, match=r"otherwise than image.input_size says: got 7"):
        load(other, device="cpu")


def test_an_unknown_name():
    with pytest.raises(
        InputError,
        match="unknown model: got 'unio-nan'; expected a folder, a name on the hub, or one of unio-nano",
    ):
        load("unio-nan")


def test_a_missing_folder(tmp_path: Path):
    with pytest.raises(InputError, match=r"no model folder .*nothing: expected a folder with config\.json"):
        load(tmp_path / "nothing")


def test_a_file_in_place_of_a_folder(folder: Path):
    with pytest.raises(InputError, match=r"config\.json is a file: expected a model's folder"):
        load(folder / "config.json")


def test_a_missing_tokenizer(folder: Path, tmp_path: Path):
    bare = tmp_path / "bare"
    shutil.copytree(folder, bare)
    (bare / "tokenizer.model").unlink()
    with pytest.raises(
        InputError, match=r"bare has no tokenizer: got no .*; expected a SentencePiece file tokenizer\.model"
    ):
        load(bare)


def test_a_tokenizer_of_another_model(folder: Path, tmp_path: Path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    letters = [
        chr(first) + chr(second) + chr(third)
        for first in range(97, 122)
        for second in range(97, 122)
        for third in range(97, 100)
    ]
    train_tokenizer([" ".join(letters)] * 2, size=450, path=other / "tokenizer.model")
    with pytest.raises(InputError, match="does not fit the model: got 1792 text ids; expected 1536"):
        load(other)


def test_the_bundled_model_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loading, "files", lambda package: tmp_path)
    with pytest.raises(
        WeightsError, match=r"unio-nano is missing from this installation: got no config\.json in"
    ):
        model_folder("unio-nano")


def test_an_unusable_device(folder: Path):
    with pytest.raises(InputError, match="cannot use the device 'quantum': got "):
        load(folder, device="quantum")


def test_an_unusable_dtype(folder: Path):
    with pytest.raises(InputError, match="unusable dtype: got 'int8'; expected float32, bfloat16, float16"):
        load(folder, dtype="int8")


def test_the_package_offers_it():
    assert unio.load is load
