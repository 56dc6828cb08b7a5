import numpy as np
import pytest

from unio.data.denoise.config import SpanSetting
from unio.data.denoise.spans import MOST_SPANS, count_spans, hide_spans, span_mask
from unio.vocab import VocabLayout

LAYOUT = VocabLayout(base_size=100)
A, B = LAYOUT.sentinel_id(0), LAYOUT.sentinel_id(1)


def test_spans_become_sentinels_and_the_target_names_them() -> None:
    mask = np.array([0, 0, 1, 1, 0, 1], dtype=bool)
    found = hide_spans([11, 12, 13, 14, 15, 16], mask, layout=LAYOUT)
    assert found.inputs == (11, 12, A, 15, B)
    assert found.targets == (A, 13, 14, B, 16)


def test_inputs_and_targets_together_are_the_text() -> None:
    rng = np.random.default_rng(0)
    ids = list(range(10, 60))
    found = hide_spans(ids, span_mask(50, SpanSetting(mean_length=3, density=0.5), rng), layout=LAYOUT)
    spans: dict[int, list[int]] = {}
    for token in found.targets:
        if token >= LAYOUT.sentinel_start:
            spans[token] = []
        else:
            spans[list(spans)[-1]].append(token)
    restored = [part for token in found.inputs for part in spans.get(token, [token])]
    assert restored == ids


@pytest.mark.parametrize(
    ("length", "mean_length", "density", "expected"),
    [
        (100, 3, 0.15, (15, 5)),
        (100, 8, 0.15, (15, 2)),
        (100, 3, 0.5, (50, 17)),
        (200, 64, 0.5, (100, 2)),
        (10, 64, 0.15, (2, 1)),
        (2, 3, 0.5, (1, 1)),
        (4, 1, 0.75, (3, 1)),  # one open token stands before one span at most
        (2000, 1, 0.5, (1000, MOST_SPANS)),
    ],
)
def test_counts_follow_the_setting(
    length: int, mean_length: float, density: float, expected: tuple[int, int]
) -> None:
    setting = SpanSetting(mean_length=mean_length, density=density)
    assert count_spans(length, setting) == expected
    mask = span_mask(length, setting, np.random.default_rng(1))
    assert mask.shape == (length,)
    assert mask.sum() == expected[0]
    assert (np.diff(mask.astype(int)) == 1).sum() == expected[1]
    assert not mask[0]


def test_every_place_but_the_first_is_hidden_now_and_then() -> None:
    setting = SpanSetting(mean_length=2, density=0.3)
    masks = [span_mask(9, setting, np.random.default_rng(seed)) for seed in range(200)]
    assert (np.sum(masks, axis=0)[1:] > 0).all()
