import pytest
import torch

from unio.core import CheckpointError
from unio.model import ModelConfig, random_model
from unio.train.model_state import model_tensors, restore_model


def test_all_weights_or_the_trained_ones(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    everything = model_tensors(model, trained_only=False)
    assert everything.keys() == model.state_dict().keys()
    trained = model_tensors(model, trained_only=True)
    assert not any(name.startswith(("image_codec", "audio_codec")) for name in trained)
    other = random_model(tiny_config, seed=2)
    restore_model(other, trained, trained_only=True)
    assert torch.equal(other.encoder.norm.scale, model.encoder.norm.scale)
    name = "encoder.layers.0.mlp.up.weight"
    assert torch.equal(other.state_dict()[name], model.state_dict()[name])


def test_another_models_weights_are_refused(tiny_config: ModelConfig) -> None:
    model = random_model(tiny_config, seed=1)
    tensors = model_tensors(model, trained_only=False)
    with pytest.raises(CheckpointError, match=r"another model: got .* is missing and \d+ more"):
        restore_model(model, {}, trained_only=False)
    with pytest.raises(CheckpointError, match="got extra is not of this model;"):
        restore_model(model, {**tensors, "extra": torch.ones(1)}, trained_only=False)
    with pytest.raises(CheckpointError, match=r"encoder\.norm\.scale has shape \(3,\), not \(16,\)"):
        restore_model(model, {**tensors, "encoder.norm.scale": torch.ones(3)}, trained_only=False)
