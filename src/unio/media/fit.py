"""Fitting a picture into a square with padding, the same for boxes and points, and the way back (spec 5)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Shaped

from unio.core import InputError
from unio.media.resize import resize
from unio.schema import Picture

__all__ = ["FitTransform", "FittedImage", "check_boxes", "fit_image", "fit_transform"]


@dataclass(frozen=True, kw_only=True)
class FitTransform:
    """Where a picture of (height, width) pixels lies in a square of ``size`` pixels.

    ``scale`` multiplies the picture's coordinates, then ``top`` and ``left`` are added. The picture
    fills ``scaled_height`` x ``scaled_width`` pixels of the square; the rest is padding.
    Boxes are (count, 4) rows y1 x1 y2 x2, points (count, 2) rows y x.
    """

    height: int
    width: int
    size: int
    scale: float
    scaled_height: int
    scaled_width: int
    top: int
    left: int

    def points_to_fitted(self, points: Float[np.ndarray, "count 2"]) -> Float[np.ndarray, "count 2"]:
        """Points in the picture's pixels as fractions of the square, cut to [0, 1]."""
        # Single precision, as the scale is: in double the picture's edge would fall short of the square's.
        shift = np.array((self.top, self.left), np.float32)
        moved = np.asarray(points, np.float32) * np.float32(self.scale) + shift
        return np.clip(moved.astype(np.float64) / self.size, 0.0, 1.0)

    def points_to_original(self, points: Float[np.ndarray, "count 2"]) -> Float[np.ndarray, "count 2"]:
        """The way back: fractions of the square as the picture's pixels, cut to the picture."""
        moved = (np.asarray(points, np.float64) * self.size - (self.top, self.left)) / self.scale
        return np.clip(moved, 0.0, (self.height, self.width))

    def boxes_to_fitted(self, boxes: Float[np.ndarray, "count 4"]) -> Float[np.ndarray, "count 4"]:
        """Boxes in the picture's pixels as fractions of the square, cut to [0, 1]."""
        return self.points_to_fitted(np.reshape(boxes, (-1, 2))).reshape(-1, 4)

    def boxes_to_original(self, boxes: Float[np.ndarray, "count 4"]) -> Float[np.ndarray, "count 4"]:
        """The way back: fractions of the square as the picture's pixels, cut to the picture."""
        return self.points_to_original(np.reshape(boxes, (-1, 2))).reshape(-1, 4)

    def picture_to_original(
        self,
        array: Shaped[np.ndarray, "size size *channels"],
        *,
        method: Literal["bilinear", "nearest"] = "bilinear",
    ) -> Shaped[np.ndarray, "height width *channels"]:
        """Cut the padding off a (size, size[, channels]) map and bring it to the picture's size.

        ``nearest`` is for masks and ids, ``bilinear`` for everything that may be blended.
        """
        if array.shape[:2] != (self.size, self.size):
            raise InputError(
                "map does not fit the transform", got=array.shape[:2], expected=(self.size, self.size)
            )
        inside = array[self.top : self.top + self.scaled_height, self.left : self.left + self.scaled_width]
        if method == "nearest":
            rows = (np.arange(self.height) + 0.5) * self.scaled_height / self.height
            columns = (np.arange(self.width) + 0.5) * self.scaled_width / self.width
            return inside[rows.astype(int)][:, columns.astype(int)]
        resized = resize(inside.astype(np.float32), height=self.height, width=self.width)
        if np.issubdtype(array.dtype, np.integer):
            resized = np.rint(resized)
        return resized.astype(array.dtype)


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedImage:
    """A picture in its square: ``pixels`` in [0, 1] with zeros around, ``mask`` True on the picture."""

    pixels: Float[np.ndarray, "size size 3"]
    mask: Bool[np.ndarray, "size size"]
    transform: FitTransform


def fit_transform(height: int, width: int, *, size: int) -> FitTransform:
    """How a picture of (height, width) pixels is laid into a square: as large as it fits, centred.

    Scaled sizes are truncated to whole pixels, and of an odd rest the smaller half comes first. The
    scale is a single-precision number, as it is in the reference, so that truncation falls the same way.
    Raises ``InputError`` for a picture so narrow that nothing of it would be left.
    """
    scale = min(np.float32(size) / np.float32(height), np.float32(size) / np.float32(width))
    scaled_height, scaled_width = int(np.float32(height) * scale), int(np.float32(width) * scale)
    if scaled_height < 1 or scaled_width < 1:
        raise InputError(
            "the picture is too narrow",
            got=f"{height} x {width} pixels",
            expected=f"sides no further apart than {size} to 1",
            fix="cut a part out of it",
        )
    return FitTransform(
        height=height,
        width=width,
        size=size,
        scale=float(scale),
        scaled_height=scaled_height,
        scaled_width=scaled_width,
        top=(size - scaled_height) // 2,
        left=(size - scaled_width) // 2,
    )


def fit_image(picture: Picture, *, size: int) -> FittedImage:
    """Scale a picture to fit a square of ``size`` pixels and pad it with zeros."""
    height, width = picture.shape[:2]
    transform = fit_transform(height, width, size=size)
    bottom = transform.top + transform.scaled_height
    right = transform.left + transform.scaled_width
    scaled = resize(
        picture.astype(np.float32) / np.float32(255),
        height=transform.scaled_height,
        width=transform.scaled_width,
    )
    pixels = np.zeros((size, size, 3), np.float32)
    pixels[transform.top : bottom, transform.left : right] = scaled
    mask = np.zeros((size, size), np.bool_)
    mask[transform.top : bottom, transform.left : right] = True
    return FittedImage(pixels=pixels, mask=mask, transform=transform)


def check_boxes(boxes: Float[np.ndarray, "count 4"], *, height: int, width: int) -> None:
    """Raise ``InputError`` for a user's box (y1 x1 y2 x2, pixels) that is empty or outside the picture."""
    for y1, x1, y2, x2 in np.asarray(boxes, np.float64).tolist():
        got = f"y1={y1:g} x1={x1:g} y2={y2:g} x2={x2:g}"
        if not (0 <= y1 <= height and 0 <= y2 <= height and 0 <= x1 <= width and 0 <= x2 <= width):
            raise InputError(
                "box outside the picture",
                got=got,
                expected=f"0 <= y <= {height}, 0 <= x <= {width}",
                fix="give y1,x1,y2,x2 in pixels of the picture",
            )
        if not (y1 < y2 and x1 < x2):
            raise InputError("box is empty", got=got, expected="y1 < y2 and x1 < x2")
