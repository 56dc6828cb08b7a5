import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

import unio.model.weights
from unio.core import ConfigError, WeightsError
from unio.model import ModelConfig, UnifiedIO, load_model, random_model, read_model_config, save_model
from unio.schema import Batch

INDEX = "model.safetensors.index.json"


@pytest.fixture
def saved(model: UnifiedIO, tmp_path: Path) -> Path:
    """The tiny model in several shards."""
    save_model(model, tmp_path, shard_bytes=50_000)
    return tmp_path


def edit(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def edit_shard(folder: Path, change: Callable[[dict[str, Tensor], str], object]) -> None:
    """Change the shard that holds ``encoder.norm.scale``, and the index after it."""
    index = json.loads((folder / INDEX).read_text())["weight_map"]
    name = index["encoder.norm.scale"]
    tensors = dict(load_file(folder / name))
    change(tensors, "encoder.norm.scale")
    save_file(tensors, folder / name)
    kept = {key: shard for key, shard in index.items() if shard != name}
    (folder / INDEX).write_text(json.dumps({"weight_map": {**kept, **dict.fromkeys(tensors, name)}}))


@torch.no_grad()
def test_round_trip_is_exact(model: UnifiedIO, saved: Path, batch: Batch[Tensor]):
    loaded = load_model(saved)
    assert loaded.config == model.config == read_model_config(saved)
    assert not loaded.training
    for modality, logits in loaded(batch).items():
        assert torch.equal(logits, model(batch)[modality])


def test_layout(saved: Path):
    shards = sorted(path.name for path in saved.glob("*.safetensors"))
    assert len(shards) > 2
    assert shards[0] == f"model-00001-of-{len(shards):05d}.safetensors"
    assert all((saved / name).stat().st_size <= 50_000 for name in shards)
    assert {path.name for path in saved.iterdir()} == {*shards, "config.json", INDEX}
    settings = json.loads((saved / "config.json").read_text())
    assert list(settings) == ["format", "version", "model"]
    assert (settings["format"], settings["version"]) == ("unio", 1)
    index = json.loads((saved / INDEX).read_text())
    assert index["metadata"]["total_size"] == 4 * sum(
        tensor.numel() for name in shards for tensor in load_file(saved / name).values()
    )


def test_stored_in_bfloat16_and_widened_on_loading(model: UnifiedIO, tmp_path: Path):
    save_model(model, tmp_path, dtype="bfloat16")
    (shard,) = tmp_path.glob("*.safetensors")
    assert {tensor.dtype for tensor in load_file(shard).values()} == {torch.bfloat16}
    loaded = load_model(tmp_path)
    weight = model.encoder.layers[0].mlp.up.weight
    assert torch.equal(loaded.encoder.layers[0].mlp.up.weight, weight.bfloat16().float())


def test_codecs_stay_float32_whatever_the_rest_is(saved: Path):
    loaded = load_model(saved, dtype=torch.bfloat16)
    assert loaded.encoder.norm.scale.dtype == torch.bfloat16
    codecs = [*loaded.image_codec.parameters(), *loaded.audio_codec.parameters()]
    assert {parameter.dtype for parameter in codecs} == {torch.float32}
    assert not any(parameter.requires_grad for parameter in codecs)


def test_saving_again_replaces_the_model_and_keeps_other_files(
    tiny_config: ModelConfig, saved: Path, model: UnifiedIO
):
    (saved / "tokenizer.model").write_text("kept")
    other = random_model(tiny_config, seed=9)
    save_model(other, saved)
    assert [path.name for path in saved.glob("*.safetensors")] == ["model-00001-of-00001.safetensors"]
    assert torch.equal(load_model(saved).encoder.norm.scale, other.encoder.norm.scale)
    assert (saved / "tokenizer.model").read_text() == "kept"


def test_an_interrupted_save_never_leaves_a_mixture(
    tiny_config: ModelConfig, saved: Path, monkeypatch: pytest.MonkeyPatch
):
    def stop(path: Path, text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(unio.model.weights, "write_text", stop)
    with pytest.raises(KeyboardInterrupt):
        save_model(random_model(tiny_config, seed=9), saved)
    with pytest.raises(WeightsError, match=f"cannot read .*{INDEX}: got No such file"):
        load_model(saved)


def test_missing_tensor(saved: Path):
    edit_shard(saved, lambda tensors, name: tensors.pop(name))
    with pytest.raises(WeightsError, match=r"got missing 1 \(encoder.norm.scale\)"):
        load_model(saved)


def test_unexpected_tensor(saved: Path):
    edit_shard(saved, lambda tensors, name: tensors.update(stray=torch.zeros(2)))
    with pytest.raises(WeightsError, match=r"got unexpected 1 \(stray\)"):
        load_model(saved)


def test_wrong_shape(saved: Path):
    edit_shard(saved, lambda tensors, name: tensors.update({name: torch.zeros(5)}))
    with pytest.raises(WeightsError, match=r"encoder.norm.scale \(5,\) instead of \(24,\)"):
        load_model(saved)


def test_shard_cut_short_or_gone(saved: Path):
    shard = sorted(saved.glob("*.safetensors"))[1]
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(WeightsError, match=f"cannot read .*{shard.name}: got .*expected a complete"):
        load_model(saved)
    shard.unlink()
    with pytest.raises(WeightsError, match=f"cannot read .*{shard.name}"):
        load_model(saved)


def test_folder_without_a_model(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"cannot read .*config.json: got No such file .*fix: give"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "config.json is not valid JSON"),
        ("[]", "config.json holds no mapping: got list"),
        ('{"format": "unio", "version": 2}', "expected format 'unio', version 1"),
        ('{"t5_config": {}}', "does not describe a unio model: got format None"),
        ('{"format": "unio", "version": 1}', "config.json has no model section: got NoneType"),
    ],
)
def test_unusable_config(saved: Path, content: str, message: str):
    (saved / "config.json").write_text(content)
    with pytest.raises(WeightsError, match=message):
        load_model(saved)


def test_config_with_a_bad_value(saved: Path):
    edit(saved / "config.json", lambda settings: settings["model"]["trunk"].update(dim="wide"))
    with pytest.raises(ConfigError, match=r"bad value at 'trunk.dim': got 'wide'"):
        load_model(saved)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "has no weight_map"),
        ('{"weight_map": {"a": "../a.safetensors"}}', "names a bad shard for a: got '../a.safetensors'"),
    ],
)
def test_unusable_index(saved: Path, content: str, message: str):
    (saved / INDEX).write_text(content)
    with pytest.raises(WeightsError, match=message):
        load_model(saved)
