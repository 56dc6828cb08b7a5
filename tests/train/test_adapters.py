from pathlib import Path

import pytest
import torch

from unio.core import ConfigError, WeightsError
from unio.data import BatchMaker
from unio.model import ModelConfig, UnifiedIO, compute_loss, load_model, random_model, save_model
from unio.train.adapters import (
    LoraConfig,
    adapt,
    adapted_layers,
    adapter_tensors,
    as_plain,
    load_adapters,
    save_adapters,
)

CONFIG = LoraConfig(layers=("*.attention.query", "decoder.*.mlp.*"), rank=2, alpha=4.0)


def loss_of(model: UnifiedIO, maker: BatchMaker) -> float:
    with torch.no_grad():
        return float(compute_loss(model, maker.make(0).batch.map(torch.as_tensor)).total)


def trained(config: ModelConfig, **changes: object) -> UnifiedIO:
    model = random_model(config, seed=1)
    adapt(model, CONFIG.model_copy(update=changes), seed=2)
    draw = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, value in adapter_tensors(model).items():
            if name.endswith("lora_b"):
                value.normal_(std=0.3, generator=draw)
    return model


def test_layers_are_chosen_by_pattern_and_all_else_is_frozen(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    adapt(model, CONFIG, seed=2)
    names = set(adapted_layers(model))
    assert "encoder.layers.0.attention.query" in names
    assert "decoder.layers.0.mlp.down" in names
    assert "encoder.layers.0.mlp.down" not in names
    assert "decoder.layers.0.self_attention.query" not in names  # "attention" is not "self_attention"
    assert not any(name.startswith(("image_codec", "audio_codec")) for name in names)
    learning = {name.rpartition(".")[2] for name, value in model.named_parameters() if value.requires_grad}
    assert learning == {"lora_a", "lora_b"}


def test_some_parameters_may_be_trained_in_full(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    adapt(model, CONFIG.model_copy(update={"also_train": ("*.modality",)}), seed=2)
    assert model.input_embedders.text.modality.requires_grad


@pytest.mark.parametrize("has_magnitude", [False, True])
def test_a_plain_model_does_the_same_and_can_be_saved(
    tiny_config: ModelConfig, maker: BatchMaker, tmp_path: Path, has_magnitude: bool
) -> None:
    model = trained(tiny_config, has_magnitude=has_magnitude)
    before = {name: value.clone() for name, value in model.named_parameters()}
    with as_plain(model):
        assert not adapted_layers(model)
        save_model(model, tmp_path)
    for name, value in model.named_parameters():
        assert torch.equal(value, before[name]), name
    assert loss_of(load_model(tmp_path), maker) == pytest.approx(loss_of(model, maker), rel=1e-5)
    assert loss_of(model, maker) != pytest.approx(loss_of(random_model(tiny_config, seed=1), maker), rel=1e-3)


def test_adapters_alone_are_saved_and_loaded(
    tiny_config: ModelConfig, maker: BatchMaker, tmp_path: Path
) -> None:
    model = trained(tiny_config)
    save_adapters(model, CONFIG, tmp_path)
    other = random_model(tiny_config, seed=1)
    assert load_adapters(other, tmp_path) == CONFIG
    assert loss_of(other, maker) == loss_of(model, maker)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"layers": ("nothing.*",)},
            r"lora\.layers: no linear layer fits 'nothing\.\*': expected a pattern of names",
        ),
        ({"also_train": ("nothing",)}, r"lora\.also_train: no parameter fits 'nothing'"),
    ],
)
def test_a_pattern_that_fits_nothing_is_told(
    tiny_config: ModelConfig, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        adapt(random_model(tiny_config, seed=1), CONFIG.model_copy(update=changes), seed=0)


def test_missing_and_foreign_adapters_are_told(tiny_config: ModelConfig, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no adapters in"):
        load_adapters(random_model(tiny_config, seed=1), tmp_path)
    save_adapters(trained(tiny_config), CONFIG, tmp_path)
    trunk = tiny_config.trunk.model_copy(update={"mlp_dim": 24})
    other = random_model(tiny_config.model_copy(update={"trunk": trunk}), seed=1)
    with pytest.raises(WeightsError, match="belong to another model"):
        load_adapters(other, tmp_path)
