"""The presets have exactly the published checkpoints' parameters."""

import gzip
import json
from pathlib import Path

import pytest

from unio.model import UnifiedIO, from_reference, preset, to_reference

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("name", ["large", "xl", "xxl"])
def test_names_and_shapes(name: str):
    with gzip.open(DATA / f"reference_params_{name}.json.gz", "rt") as file:
        published: dict[str, list[int]] = json.load(file)
    ours = dict(UnifiedIO(preset(name)).named_parameters())
    assert {to_reference(key): list(parameter.shape) for key, parameter in ours.items()} == published
    assert {from_reference(key) for key in published} == set(ours)
