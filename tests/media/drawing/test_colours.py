import numpy as np
import pytest

from unio.media.drawing.colours import PALETTE, apply_colour_map, palette_colour, text_colour


def test_palette_comes_round():
    assert palette_colour(0) == palette_colour(len(PALETTE)) == PALETTE[0]
    assert len(set(PALETTE)) == len(PALETTE)


def test_text_contrasts_with_its_plate():
    assert text_colour((255, 255, 0)) == (0, 0, 0)
    assert text_colour((10, 0, 90)) == (255, 255, 255)


@pytest.mark.parametrize("name", ["viridis", "magma"])
def test_maps_grow_brighter(name: str):
    colours = apply_colour_map(np.linspace(0, 1, 50)[None], name=name)[0]
    brightness = colours @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(brightness) > -1).all()
    assert brightness[-1] - brightness[0] > 150


def test_values_beyond_are_cut():
    colours = apply_colour_map(np.array([[-1.0, 0.0, 1.0, 2.0]]), name="viridis")[0].tolist()
    assert colours[0] == colours[1] == [68, 1, 84]
    assert colours[2] == colours[3] == [253, 231, 37]
