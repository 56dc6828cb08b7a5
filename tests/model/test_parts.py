import copy

import pytest
import torch
from torch import nn

from unio.core import InputError
from unio.model import ModelConfig, UnifiedIO
from unio.model.parts import (
    ALL_MODALITIES,
    AbsentPart,
    absent_modalities,
    check_modalities,
    modality_of,
    remove_parts,
)


def test_what_is_wanted_brings_what_it_needs():
    assert check_modalities(None) == set(ALL_MODALITIES)
    assert check_modalities(["text"]) == set()
    assert check_modalities("image") == {"image"}
    assert check_modalities(["image_history", "audio_target"]) == {"image", "image_history", "audio_target"}


def test_an_unknown_modality_is_refused():
    with pytest.raises(
        InputError, match=r"unknown modality: got 'video'; expected text, image, image_history,"
    ):
        check_modalities(["image", "video"])


def test_every_parameter_has_its_part():
    assert modality_of("input_embedders.image.encoder.class_token") == "image"
    assert modality_of("input_embedders.image_history.modality") == "image_history"
    assert (
        modality_of("token_embedders.audio.weight")
        == modality_of("audio_codec.quantizer.x")
        == "audio_target"
    )
    assert modality_of("token_embedders.text.weight") is None
    assert modality_of("decoder.norm.scale") is None


def test_removed_parts_have_no_parameters(tiny_config: ModelConfig):
    model = UnifiedIO(tiny_config)
    names = [name for name, _ in model.named_parameters()]
    remove_parts(model, keep={"audio", "image_target"})
    assert absent_modalities(model) == ["image", "image_history", "audio_history", "audio_target"]
    kept = {None, "audio", "image_target"}
    assert [name for name, _ in model.named_parameters()] == [n for n in names if modality_of(n) in kept]


def test_an_absent_part_behaves_as_a_module_until_it_is_used():
    model = nn.ModuleDict({"part": AbsentPart("audio")})
    assert copy.deepcopy(model).eval().to(torch.float16).state_dict() == {}
    assert "AbsentPart" in repr(model)
    with pytest.raises(
        InputError, match="loaded without audio: got a request that needs it; fix: load it with"
    ):
        model["part"](torch.zeros(1))
    with pytest.raises(InputError, match="loaded without audio"):
        model["part"].encoder.weight  # noqa: B018
