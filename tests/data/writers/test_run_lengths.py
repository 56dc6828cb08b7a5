import numpy as np
import pytest

from unio.data.sources.coco.masks import decode_mask
from unio.data.writers.run_lengths import run_lengths


def test_runs_go_down_the_columns():
    assert run_lengths(np.array([[0, 1], [1, 1]], bool)) == {"size": [2, 2], "counts": [1, 3]}
    assert run_lengths(np.array([[1, 0], [0, 0]], bool))["counts"] == [0, 1, 3]


@pytest.mark.parametrize("value", [False, True])
def test_a_mask_of_one_kind(value):
    mask = np.full((3, 2), value)
    assert np.array_equal(decode_mask(run_lengths(mask), height=3, width=2), mask)


def test_any_mask_comes_back():
    for seed in range(20):
        mask = np.random.default_rng(seed).random((5, 8)) < 0.4
        assert np.array_equal(decode_mask(run_lengths(mask), height=5, width=8), mask)
