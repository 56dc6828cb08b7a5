from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from unio.core import ConfigError
from unio.model import ModelConfig, preset, random_model, to_reference, write_random_folder


def test_names_are_the_references_and_values_the_random_models(
    published_config: ModelConfig, published_folder: Path
):
    found = {k: v for path in published_folder.glob("*.safetensors") for k, v in load_file(path).items()}
    expected = dict(random_model(published_config, seed=3).named_parameters())
    assert {to_reference(name) for name in expected} == set(found)
    assert all(torch.equal(found[to_reference(name)], value) for name, value in expected.items())
    assert not list(published_folder.glob("*.new"))


def test_a_model_that_the_layout_cannot_say_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="one rotary multiplier"):
        write_random_folder(preset("nano"), tmp_path / "new", seed=0)
    assert not (tmp_path / "new").exists()
