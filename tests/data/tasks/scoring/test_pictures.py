import numpy as np
import pytest

from unio.data.tasks.scoring.pictures import (
    change_agreement,
    changed_pixels,
    coarse_change,
    signal_to_noise,
    unfitted,
)


def grey(level, *, side=4):
    return np.full((side, side, 3), level, np.uint8)


def test_signal_to_noise():
    assert signal_to_noise(grey(10), grey(10)) == 60.0
    assert signal_to_noise(grey(0), grey(255)) == pytest.approx(0.0)
    assert signal_to_noise(grey(100), grey(110)) == pytest.approx(20 * np.log10(25.5))


def test_changed_pixels_differ_plainly():
    after = grey(100)
    after[0, 0], after[0, 1] = 130, 110
    assert np.argwhere(changed_pixels(grey(100), after)).tolist() == [[0, 0]]


def test_agreeing_on_a_change():
    before, after = grey(100, side=16), grey(100, side=16)
    after[:8] = 200
    assert change_agreement(before, before=before, after=after) == 0.0
    assert change_agreement(after, before=before, after=after) == 1.0
    more = after.copy()
    more[8:] = 200
    assert change_agreement(more, before=before, after=after) == 0.5, "as much again is altered besides"
    half_way = after.copy()
    half_way[:4] = 140
    assert change_agreement(half_way, before=before, after=after) == 0.5, "nearer to what it was"
    assert change_agreement(before, before=before, after=before) == 1.0
    assert change_agreement(after, before=before, after=before) == 0.0


def test_what_an_answer_makes_and_spoils():
    before, after = grey(100, side=16), grey(100, side=16)
    after[:4] = 200
    assert coarse_change(before, before=before, after=after) == (0.0, 0.0)
    assert coarse_change(after, before=before, after=after) == (1.0, 0.0)
    other = before.copy()
    other[:2] = 200
    other[4:6] = 200
    assert coarse_change(other, before=before, after=after) == (0.5, 0.5)
    assert coarse_change(after, before=before, after=before) == (1.0, 64.0), "nothing was to change"


def test_unfitted_undoes_the_padding():
    like = np.zeros((4, 2, 3), np.uint8)
    square = np.zeros((8, 8))
    square[:, 2:6] = 1
    assert unfitted(square, like, method="nearest").tolist() == np.ones((4, 2)).tolist()
