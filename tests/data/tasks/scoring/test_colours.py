import numpy as np
import pytest

from unio.data.tasks.scoring.colours import Palette

PALETTE = Palette(
    hues={"red": 355.0, "green": 120.0, "blue": 230.0},
    min_saturation=0.3,
    dark="black",
    max_darkness=0.3,
    max_dark_saturation=0.5,
)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((200, 20, 20), "red"),
        ((200, 40, 20), "red"),
        ((30, 120, 30), "green"),
        ((30, 60, 220), "blue"),
        ((20, 20, 24), "black"),
        ((200, 190, 180), None),
        ((60, 10, 10), "red"),
    ],
)
def test_pixels_are_named(rgb, name):
    index = int(PALETTE.classify(np.array([[rgb]], np.uint8))[0, 0])
    assert (None if index < 0 else PALETTE.names[index]) == name


def test_shares():
    picture = np.full((2, 4, 3), 200, np.uint8)
    picture[0, 0], picture[0, 1:3] = (220, 10, 10), (0, 0, 0)
    assert PALETTE.shares(picture) == {"red": 0.125, "green": 0.0, "blue": 0.0, "black": 0.25}


def test_a_palette_without_dark_has_hues_alone():
    assert Palette(hues={"red": 0.0}, min_saturation=0.5).names == ("red",)
