import numpy as np

from unio.data.sources.playroom.colours import LEAST_SHARE, PALETTE, label_colour
from unio.data.sources.playroom.views import Setting, still_view
from unio.playroom import COLOURS

VIEWS = [still_view(Setting(seed=1000 + seed, split="test", size=128)) for seed in range(24)]


def test_the_palette_names_every_colour():
    assert set(PALETTE.names) == set(COLOURS)


def test_true_pictures_show_the_colours_they_hold():
    found, unasked = [], []
    for view in VIEWS:
        asked = {one.thing.colour for one in view.sight.seen}
        shares = PALETTE.shares(view.frame.rgb)
        found += [shares[name] >= LEAST_SHARE for name in asked]
        unasked.append(sum(share >= LEAST_SHARE for name, share in shares.items() if name not in asked))
    assert np.mean(found) > 0.97
    assert np.mean(unasked) < 0.3


def test_floors_show_next_to_no_colour():
    shown = [(PALETTE.classify(view.frame.rgb)[view.frame.ids < 0] >= 0).mean() for view in VIEWS]
    assert np.mean(shown) < 0.01


def test_labels_are_complements():
    assert label_colour("red") == (36, 222, 219)
    assert len({label_colour(name) for name in COLOURS}) == len(COLOURS)
