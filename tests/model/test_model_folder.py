import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from unio.core import ConfigError, WeightsError
from unio.model import ModelConfig, UnifiedIO, load_model, open_model_folder, random_model, to_reference

NORM = "encoder.encoder_norm.scale"


@pytest.fixture
def folder(published_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published_folder, tmp_path / "model"))


def edit_weights(folder: Path, change: Callable[[dict[str, Tensor]], object]) -> None:
    """Change the shard with the encoder's norm, its index in agreement."""
    index = folder / "model.safetensors.index.json"
    listed = json.loads(index.read_text())["weight_map"]
    name = listed[NORM]
    tensors = dict(load_file(folder / name))
    change(tensors)
    save_file(tensors, folder / name)
    kept = {key: shard for key, shard in listed.items() if shard != name}
    index.write_text(json.dumps({"weight_map": {**kept, **dict.fromkeys(tensors, name)}}))


def edit_config(folder: Path, change: Callable[[dict], object]) -> None:
    settings = json.loads((folder / "config.json").read_text())
    change(settings)
    (folder / "config.json").write_text(json.dumps(settings))


def test_the_published_layout_is_recognised(published_folder: Path, published_config: ModelConfig):
    opened = open_model_folder(published_folder)
    assert opened.layout == "reference"
    assert opened.config == published_config
    names = [name for name, _ in UnifiedIO(published_config).named_parameters()]
    assert list(opened.specs) == names
    assert opened.stored_names["encoder.norm.scale"] == NORM


def test_reading_gives_our_names(published_folder: Path, published_config: ModelConfig):
    expected = dict(random_model(published_config, seed=3).named_parameters())
    for name, tensor in open_model_folder(published_folder).read(
        ["encoder.norm.scale", "audio_codec.decoder.projection.weight"]
    ):
        assert torch.equal(tensor, expected[name])


def test_our_layout_is_recognised(tiny_model_folder: Path):
    opened = open_model_folder(tiny_model_folder)
    assert opened.layout == "unio"
    assert all(ours == stored for ours, stored in opened.stored_names.items())


def test_names_are_told_as_the_files_have_them(folder: Path):
    def change(tensors: dict[str, Tensor]) -> None:
        tensors["encoder.stray"] = tensors.pop(NORM)

    edit_weights(folder, change)
    with pytest.raises(
        WeightsError,
        match=r"do not belong to this configuration: got missing 1 \(encoder.encoder_norm.scale\), "
        r"unexpected 1 \(encoder.stray\); expected exactly the model's 336 tensors",
    ):
        open_model_folder(folder)


def test_shapes_are_told_before_anything_is_read(folder: Path):
    edit_weights(folder, lambda tensors: tensors.update({NORM: torch.zeros(5)}))
    with pytest.raises(WeightsError, match=rf"wrong shape: got 1 \({NORM} \(5,\) instead of \(32,\)\); fix"):
        open_model_folder(folder)


def test_weights_of_another_size(folder: Path):
    edit_config(folder, lambda settings: settings["t5_config"].update(mlp_dim=56))
    with pytest.raises(
        WeightsError, match=r"wrong shape: got 6 \(.*wi_0.* and 3 more\); fix: use the weights'"
    ):
        open_model_folder(folder)


def test_the_length_of_the_audio_table_is_told_by_the_weights(folder: Path):
    edit_config(folder, lambda settings: settings["audio_vit_cfg"].pop("num_pos"))
    assert open_model_folder(folder).config.audio_encoder.positions == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda settings: settings.update(rope_scaling=2),
            r"config.json: unknown key 'rope_scaling': expected",
        ),
        (
            lambda settings: settings["t5_config"].update(experts=8),
            "unknown key 't5_config.experts': fix: remove",
        ),
        (lambda settings: settings.pop("audio_vit_cfg"), "missing key 'audio_vit_cfg'"),
        (lambda settings: settings["t5_config"].pop("emb_dim"), "missing key 't5_config.emb_dim'"),
        (
            lambda settings: settings.update(t5_config=[]),
            "bad value at 't5_config': got .*expected a mapping",
        ),
    ],
)
def test_a_foreign_configuration(folder: Path, change: Callable[[dict], object], message: str):
    edit_config(folder, change)
    with pytest.raises(ConfigError, match=message):
        open_model_folder(folder)


def test_keys_that_tools_add_are_no_matter(folder: Path):
    edit_config(folder, lambda settings: settings.update(architectures=["UnifiedIO"], torch_dtype="float32"))
    assert open_model_folder(folder).layout == "reference"


def test_conformance_weights_in_a_folder_of_the_published_layout(tmp_path: Path):
    """The fixtures' configuration, names and shapes, as a download would lay them."""
    data = Path(__file__).parents[1] / "conformance" / "data"
    described = json.loads((data / "config_cosine.json").read_text())["config"]
    shapes = json.loads((data / "params_cosine.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(described))
    torch.save(
        {name: torch.full(shape, 0.5) for name, shape in shapes.items()}, tmp_path / "pytorch_model.bin"
    )
    loaded = load_model(tmp_path)
    assert {to_reference(name) for name, _ in loaded.named_parameters()} == set(shapes)
    assert all((parameter == 0.5).all() for parameter in loaded.parameters())
