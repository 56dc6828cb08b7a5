"""`import unio` is fast, and its names arrive on first use."""

import subprocess
import sys

import pytest

import unio


def test_every_public_name_is_there():
    for name in unio.__all__:
        assert getattr(unio, name) is not None
        assert name in dir(unio)


def test_an_unknown_name():
    with pytest.raises(AttributeError, match="module 'unio' has no attribute 'lode'"):
        unio.lode  # noqa: B018


def test_import_takes_no_heavy_package_along():
    program = "import sys, unio; print(sorted({'torch', 'numpy', 'pydantic', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
