import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

import unio.model.weights
from unio.core import ConfigError, InputError, WeightsError
from unio.model import (
    Layout,
    ModelConfig,
    UnifiedIO,
    load_model,
    random_model,
    read_model_config,
    save_model,
    write_random_folder,
)
from unio.schema import Batch, InputModality, TargetModality

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


def test_codecs_and_patch_encoders_stay_float32_whatever_the_rest_is(saved: Path):
    loaded = load_model(saved, dtype=torch.bfloat16)
    precise = [
        loaded.image_codec,
        loaded.audio_codec,
        loaded.input_embedders.image.encoder,
        loaded.input_embedders.audio.encoder,
    ]
    float32 = {id(parameter) for part in precise for parameter in part.parameters()}
    for name, parameter in loaded.named_parameters():
        expected = torch.float32 if id(parameter) in float32 else torch.bfloat16
        assert parameter.dtype == expected, name
    assert not any(parameter.requires_grad for parameter in loaded.image_codec.parameters())


@torch.no_grad()
def test_features_of_patches_do_not_depend_on_the_precision_around_them(saved: Path, batch: Batch[Tensor]):
    image = batch.streams[InputModality.IMAGE]
    narrow = load_model(saved, dtype=torch.bfloat16)
    exact = load_model(saved)

    def features(model: UnifiedIO) -> Tensor:
        encoder = model.input_embedders.image.encoder
        return encoder(image.values, mask=image.mask, positions=image.positions, grid=(3, 3)).last

    assert torch.equal(features(narrow), features(exact))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(features(exact), features(narrow))
        assert all(logits.isfinite().all() for logits in narrow(batch).values())
    assert all(logits.isfinite().all() for logits in narrow(batch).values())


@torch.no_grad()
@pytest.mark.parametrize("layout", ["unio", "reference"])
@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16])
def test_a_random_folder_of_either_layout_is_the_random_model(
    published_config: ModelConfig, tmp_path: Path, layout: Layout, stored: torch.dtype
):
    write_random_folder(
        published_config, tmp_path, seed=4, layout=layout, dtype=stored, shard_bytes=1_000_000
    )
    loaded = load_model(tmp_path)
    expected = dict(random_model(published_config, seed=4).named_parameters())
    assert loaded.config == published_config
    for name, parameter in loaded.named_parameters():
        assert torch.equal(parameter, expected[name].to(stored).float()), name


@pytest.mark.parametrize("is_zip", [True, False])
@pytest.mark.parametrize("is_sharded", [True, False])
def test_pickles_load_like_safetensors(
    published_folder: Path, tmp_path: Path, is_zip: bool, is_sharded: bool
):
    tensors = {k: v for path in published_folder.glob("*.safetensors") for k, v in load_file(path).items()}
    names = sorted(tensors)
    halves = [names[::2], names[1::2]] if is_sharded else [names]
    files = ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"]
    files = files if is_sharded else ["pytorch_model.bin"]
    for file, half in zip(files, halves, strict=True):
        state = {name: tensors[name] for name in half}
        torch.save(state, tmp_path / file, _use_new_zipfile_serialization=is_zip)
    if is_sharded:
        listed = {name: file for file, half in zip(files, halves, strict=True) for name in half}
        (tmp_path / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": listed}))
    shutil.copy(published_folder / "config.json", tmp_path)
    expected = dict(load_model(published_folder).named_parameters())
    for name, parameter in load_model(tmp_path).named_parameters():
        assert torch.equal(parameter, expected[name]), name


def test_a_single_safetensors_file_needs_no_index(published_folder: Path, tmp_path: Path):
    tensors = {k: v for path in published_folder.glob("*.safetensors") for k, v in load_file(path).items()}
    save_file(tensors, tmp_path / "model.safetensors")
    shutil.copy(published_folder / "config.json", tmp_path)
    norm = load_model(tmp_path).encoder.norm.scale
    assert torch.equal(norm, tensors["encoder.encoder_norm.scale"])


def test_a_part_that_was_left_out_costs_nothing_and_says_so(saved: Path, batch: Batch[Tensor]):
    whole = load_model(saved)
    loaded = load_model(saved, modalities=["image"])
    kept = dict(loaded.named_parameters())
    assert not any(name.startswith(("image_codec", "input_embedders.audio")) for name in kept)
    assert all(torch.equal(kept[name], value) for name, value in whole.named_parameters() if name in kept)
    streams = {modality: batch.streams[modality] for modality in (InputModality.TEXT, InputModality.IMAGE)}
    seen = replace(batch, streams=streams)
    assert torch.equal(loaded.encode(seen).hidden, whole.encode(seen).hidden)
    with pytest.raises(InputError, match="loaded without image_history: got a request that needs it; fix: l"):
        loaded.encode(batch)
    with pytest.raises(InputError, match="loaded without image_target"):
        loaded.new_cache(TargetModality.IMAGE, loaded.encode(seen), max_length=4)
    with pytest.raises(InputError, match="loaded without audio_target"):
        loaded.decode_audio(torch.zeros(1, 24, dtype=torch.long))
    with pytest.raises(
        InputError, match="a whole model can be saved: got one loaded without image_history, "
    ):
        save_model(loaded, saved)


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
    with pytest.raises(WeightsError, match="holds no weights: got 1 shards without an index"):
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
    with pytest.raises(WeightsError, match=f"names a file that is not there: got {shard.name}; fix: fetch"):
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
        ('{"dim": 3}', "does not describe a unio model: got format None"),
        ('{"format": "unio", "version": 1}', "config.json has no model section: got NoneType"),
    ],
)
def test_unusable_config(saved: Path, content: str, message: str):
    (saved / "config.json").write_text(content)
    with pytest.raises(WeightsError, match=message):
        load_model(saved)


def test_config_with_a_foreign_key(saved: Path):
    edit(saved / "config.json", lambda settings: settings.update(lora={}))
    with pytest.raises(
        ConfigError, match=r"config.json: unknown key 'lora': expected one of format, version"
    ):
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
