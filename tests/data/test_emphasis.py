import numpy as np
import pytest

from unio.data.emphasis import detail_before, emphasise
from unio.model import NANO_GEOMETRY
from unio.schema import Features, TargetFeatures, TargetModality

GRID = NANO_GEOMETRY.image.code_grid


def weigh(target, *, share):
    """The target that has been weighed."""
    features = Features(task="draw", text=np.array([5, 1]), target=target)
    return emphasise(features, geometry=NANO_GEOMETRY, share=share).target


def target(picture):
    return TargetFeatures(modality=TargetModality.IMAGE, media=picture)


def picture(seed=0):
    return np.random.default_rng(seed).normal(size=(96, 96, 3)).astype(np.float32)


def test_a_code_counts_by_the_neighbours_that_come_before_it():
    plain = np.zeros((96, 96, 3), np.float32)
    plain[40:48, 56:64] = np.random.default_rng(0).normal(size=(8, 8, 3))  # the cell in row 5, column 7
    touched = np.argwhere(detail_before(plain, grid=GRID) > 0).tolist()
    assert touched == [[5, 8], [6, 6], [6, 7], [6, 8]]


def test_no_weight_hangs_on_its_own_code_or_a_later_one():
    before = detail_before(picture(), grid=GRID).ravel()
    for cell in (0, 11, 12, 70, 143):
        changed = picture()
        row, column = divmod(cell, 12)
        changed[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] *= 5
        assert (detail_before(changed, grid=GRID).ravel()[: cell + 1] == before[: cell + 1]).all()


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_weights_have_a_mean_of_one_and_keep_the_even_part(share):
    drawn = np.zeros((96, 96, 3), np.float32)
    drawn[30:60, 30:60] = picture()[30:60, 30:60]
    weights = weigh(target(drawn), share=share).weights
    assert weights.shape == (144,)
    assert weights.mean() == pytest.approx(1)
    assert weights.min() == pytest.approx(1 - share)
    assert weights.max() > 1 + share


def test_plain_pictures_texts_and_a_share_of_nothing_count_alike():
    assert weigh(target(np.ones((96, 96, 3), np.float32)), share=0.5).weights is None
    assert weigh(target(picture()), share=0.0).weights is None
    text = TargetFeatures(modality=TargetModality.TEXT, ids=np.array([5, 1]))
    assert weigh(text, share=0.5) is text
    assert weigh(None, share=0.5) is None
