import subprocess
import sys

import pytest

import unio.playroom


def test_import_brings_neither_mujoco_nor_torch() -> None:
    code = (
        "import sys, unio.playroom as playroom; playroom.sample_scene(0, 'train'); "
        "print(sorted({'mujoco', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in unio.playroom.__all__:
        assert getattr(unio.playroom, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = unio.playroom.nothing
