import numpy as np
import pytest

from unio.data.tasks.scoring.colours import Palette

PALETTE = Palette(hues={"red": 0.0, "green": 120.0}, min_saturation=0.5)


def test_area_agrees_pixel_by_pixel(answers):
    picture = np.full((2, 4, 3), 200, np.uint8)
    picture[0, :2] = (250, 0, 0)
    regions = np.array([[0, 0, 0, -2], [-1, -1, -1, -1]])
    regions[0, 2] = 1
    picture[0, 2], picture[0, 3] = (0, 250, 0), (0, 250, 0)
    record = {
        "image": np.full_like(picture, 128),
        "description": "two things",
        "picture": picture,
        "regions": regions,
        "palette": PALETTE,
    }
    made = answers("image_from_segmentation", record)
    square = np.zeros((4, 4, 3), np.uint8)
    square[1:3] = picture
    assert made.score(image=square) == {"area_agrees": 1.0, "background_clear": 1.0}
    square[1:3] = (250, 0, 0)
    assert made.score(image=square) == pytest.approx({"area_agrees": 2 / 3, "background_clear": 0.0})
    assert made.score(image=np.full((4, 4, 3), 128, np.uint8))["area_agrees"] == 0.0
