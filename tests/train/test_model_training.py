"""Choices of a model's run that show in nothing but its speed."""

from pathlib import Path

import pytest
import torch

from unio.train import read_run
from unio.train.model_config import ModelRun
from unio.train.model_training import attention_backend

RECIPE = Path(__file__).parents[2] / "configs" / "nano" / "model.yaml"
FIXED = ["packing.form=fixed", "packing.encoder_length=384", "packing.decoder_length=456"]


@pytest.mark.parametrize(
    ("overrides", "device", "expected"),
    [
        ([*FIXED, "compile=true"], "cpu", "mask"),
        ([*FIXED, "compile=true"], "cuda", "auto"),
        ([*FIXED, "compile=false"], "cpu", "auto"),
        ([*FIXED, "packing.form=variable", "compile=true"], "cpu", "auto"),
        (["compile=true"], "cpu", "auto"),
    ],
)
def test_compiled_rows_of_a_fixed_length_attend_under_a_mask_on_cpus(
    overrides: list[str], device: str, expected: str
) -> None:
    run = read_run(RECIPE, overrides)
    assert isinstance(run, ModelRun)
    assert attention_backend(run, torch.device(device)) == expected
