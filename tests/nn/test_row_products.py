import json

import pytest
import torch

from unio.nn import row_products
from unio.nn.row_products import MOST_ROWS, fastest_row_product, multiply_rows


def noise(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("way", MOST_ROWS)
@pytest.mark.parametrize("rows", [1, 2, 4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_every_way_is_the_product(way, rows, dtype):
    x, weight = noise(rows, 24, seed=1).to(dtype), noise(40, 24, seed=2).to(dtype)
    found = multiply_rows(x, weight, way=way)
    assert found.dtype is dtype
    error = 0.05 if dtype is torch.bfloat16 else 1e-5
    torch.testing.assert_close(found.double(), x.double() @ weight.double().T, rtol=error, atol=error)


@pytest.fixture
def small_probe(monkeypatch):
    monkeypatch.setattr(row_products, "PROBE_SHAPE", (8, 8))
    monkeypatch.setattr(row_products, "PROBE_BYTES", 1000)


def test_a_choice_is_measured_once_and_kept(tmp_path, small_probe, monkeypatch):
    store = tmp_path / "cache" / "choices.json"
    way = fastest_row_product(torch.bfloat16, is_compiled=False, store=store)
    assert way in ("linear", "columns"), "dots are for compiled code"
    (key,) = json.loads(store.read_text())
    assert f"torch {torch.__version__}" in key
    assert "bfloat16" in key
    other = {"linear": "columns", "columns": "linear"}[way]
    store.write_text(json.dumps({key: other, "another machine": "dots"}))
    monkeypatch.setattr(row_products, "_measure", None)
    assert fastest_row_product(torch.bfloat16, is_compiled=False, store=store) == other


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}'])
def test_a_broken_store_is_written_anew(tmp_path, small_probe, content):
    store = tmp_path / "choices.json"
    store.write_text(content)
    way = fastest_row_product(torch.float32, is_compiled=False, store=store)
    assert way in json.loads(store.read_text()).values()
    assert [path.name for path in tmp_path.iterdir()] == ["choices.json"]


def test_without_a_place_for_the_store_it_is_measured_all_the_same(tmp_path, small_probe):
    (tmp_path / "file").write_text("")
    assert (
        fastest_row_product(torch.float32, is_compiled=False, store=tmp_path / "file" / "x.json") in MOST_ROWS
    )


def test_the_store_lies_in_the_cache_folder(tmp_path, small_probe, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fastest_row_product(torch.float32, is_compiled=False)
    assert (tmp_path / "unio" / "row_products.json").exists()
