"""Points and boxes of a picture as location pieces, and the way back to its pixels (spec section 4)."""

import numpy as np
from jaxtyping import Float

from unio.media import FitTransform, fit_transform
from unio.schema import Picture
from unio.vocab import locations_text, parse_locations

__all__ = ["parse_boxes", "parse_points", "point_text", "square_transform"]


def square_transform(picture: Picture) -> FitTransform:
    """How the picture lies in its padded square; fractions of the square do not depend on its size."""
    height, width = picture.shape[:2]
    return fit_transform(height, width, size=max(height, width))


def point_text(point: Float[np.ndarray, " 2"], picture: Picture) -> str:
    """A point (y x, pixels) as two location pieces."""
    fitted = square_transform(picture).points_to_fitted(np.asarray(point, np.float64)[None])
    return locations_text(fitted[0].tolist())


def parse_points(text: str, picture: Picture, *, most: int | None = None) -> Float[np.ndarray, "count 2"]:
    """The points that ``text`` begins with, ``most`` of them at most, in pixels of ``picture``."""
    return square_transform(picture).points_to_original(_rows(text, 2, most))


def parse_boxes(text: str, picture: Picture, *, most: int | None = None) -> Float[np.ndarray, "count 4"]:
    """The boxes that ``text`` names, ``most`` of them at most, in pixels of ``picture``."""
    return square_transform(picture).boxes_to_original(_rows(text, 4, most))


def _rows(text: str, width: int, most: int | None) -> np.ndarray:
    """All whole groups of ``width`` locations."""
    values = parse_locations(text)
    count = len(values) // width
    count = count if most is None else min(count, most)
    return np.array(values[: count * width], np.float64).reshape(count, width)
