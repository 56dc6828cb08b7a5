from pathlib import Path

import pytest
import torch

from unio.model import MODALITY_SETS, UnifiedIO, load_model, open_model_folder, preset, weight_bytes
from unio.model.tensor_files import TensorSpec


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_is_promised_is_what_is_kept(published_folder: Path, dtype: torch.dtype):
    specs = open_model_folder(published_folder).specs
    for modalities in MODALITY_SETS.values():
        loaded = load_model(published_folder, dtype=dtype, modalities=modalities)
        kept = sum(parameter.nbytes for parameter in loaded.parameters())
        assert weight_bytes(specs, dtype=dtype, modalities=modalities) == kept
    assert weight_bytes(specs, dtype=dtype) == kept


def test_large_in_bfloat16_has_room_in_six_gigabytes():
    parameters = UnifiedIO(preset("large")).named_parameters()
    specs = {name: TensorSpec(shape=tuple(value.shape), dtype=torch.float32) for name, value in parameters}
    assert 2.5e9 < weight_bytes(specs, dtype=torch.bfloat16) < 3e9
    assert weight_bytes(specs, dtype=torch.bfloat16, modalities=()) < 1.8e9
