"""Reconstruction loss that does not let small colourful things fade into the background (spec section 11).

In a picture of a few things on a floor, most pixels are grey. Plain L1 then learns brightness and the
commonest hue, and a purple ball of ten pixels comes back blue at hardly any cost. Here the differences of
red, green and blue are compared for themselves, and pixels count the more the more colour they have.
"""

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["colour_loss"]

DIFFERENCE_GAIN = 1.5
CHROMA_GAIN = 4.0


def colour_loss(
    reconstruction: Float[Tensor, "batch 3 height width"], target: Float[Tensor, "batch 3 height width"]
) -> Float[Tensor, ""]:
    """Mean of ``weight * (|e| + e**2 / 2)`` over brightness and the three differences of channels.

    Pictures are RGB in [-1, 1]; ``e`` is the error of one plane. A pixel's weight is 1 for grey and
    5 for a pure colour of the target.

    Example, one pixel: red (1, -1, -1) answered by black (-1, -1, -1) has errors 2/3 of brightness,
    3 of red - green, 0 of green - blue and 3 of red - blue, all with weight 5.
    """
    largest, smallest = target.amax(dim=1), target.amin(dim=1)
    weight = 1 + CHROMA_GAIN * (largest - smallest) / 2
    error = _planes(reconstruction - target)
    return (weight.unsqueeze(1) * (error.abs() + error.square() / 2)).mean()


def _planes(colours: Float[Tensor, "batch 3 height width"]) -> Float[Tensor, "batch 4 height width"]:
    """Brightness, red - green, green - blue, red - blue."""
    red, green, blue = colours.unbind(dim=1)
    differences = [DIFFERENCE_GAIN * plane for plane in (red - green, green - blue, red - blue)]
    return torch.stack([(red + green + blue) / 3, *differences], dim=1)
