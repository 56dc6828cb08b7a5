import numpy as np

from unio.playroom.language.drawing_lots import pick, shuffled


def test_pick_reaches_every_option():
    rng = np.random.default_rng(0)
    assert {pick("abc", rng) for _ in range(50)} == {"a", "b", "c"}


def test_shuffled_keeps_every_option():
    assert sorted(shuffled((3, 1, 2, 2), np.random.default_rng(0))) == [1, 2, 2, 3]
