import pytest
import torch

from unio.codecs.training.colour_loss import colour_loss


def pixel(*colour: float) -> torch.Tensor:
    return torch.tensor(colour, dtype=torch.float32).view(1, 3, 1, 1)


def test_one_pixel_by_hand():
    red, black = pixel(1, -1, -1), pixel(-1, -1, -1)

    def cost(error: float) -> float:
        return error + error**2 / 2

    assert colour_loss(black, red).item() == pytest.approx(5 * (cost(2 / 3) + 2 * cost(3)) / 4)


def test_a_wrong_hue_costs_more_than_a_wrong_brightness():
    purple, blue, dark_purple = pixel(0.2, -0.8, 0.6), pixel(-0.4, -0.2, 0.6), pixel(-0.2, -1.2, 0.2)

    assert colour_loss(blue, purple) > 1.5 * colour_loss(dark_purple, purple)


def test_the_right_picture_costs_nothing():
    picture = torch.rand(2, 3, 4, 5) * 2 - 1

    assert colour_loss(picture, picture).item() == 0
