import pytest
import torch

from unio.core import WeightsError
from unio.model import ModelConfig, UnifiedIO, load_reference_state, to_reference


def test_fills_under_the_references_names(tiny_config: ModelConfig, model: UnifiedIO):
    state = {to_reference(name): parameter.detach() for name, parameter in model.named_parameters()}
    filled = UnifiedIO(tiny_config)
    load_reference_state(filled, state)
    for (name, found), expected in zip(filled.named_parameters(), model.parameters(), strict=True):
        assert torch.equal(found, expected), name


def test_is_strict(tiny_config: ModelConfig, model: UnifiedIO):
    state = {to_reference(name): parameter.detach() for name, parameter in model.named_parameters()}
    short = {name: tensor for name, tensor in state.items() if name != "encoder.encoder_norm.scale"}
    with pytest.raises(WeightsError, match=r"missing 1 \(encoder.norm.scale\)"):
        load_reference_state(UnifiedIO(tiny_config), short)
    with pytest.raises(WeightsError, match="'stray' is not in the table"):
        load_reference_state(UnifiedIO(tiny_config), {**state, "stray": torch.zeros(1)})
