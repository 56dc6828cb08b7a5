"""Bilinear resizing with antialiasing, in float (spec section 5)."""

import numpy as np
from jaxtyping import Float
from PIL import Image

__all__ = ["resize"]


def resize(
    array: Float[np.ndarray, "height width *channels"], *, height: int, width: int
) -> Float[np.ndarray, "new_height new_width *channels"]:
    """``array`` at another size, each output pixel a triangle-weighted mean of the input around it.

    When shrinking the triangle grows with the ratio, so nothing is skipped (antialiasing); when growing
    it is plain bilinear interpolation at half-pixel centres. Channels are resized one at a time in
    float32: rounding to 8 bits between the two passes would show in smooth areas.
    """
    if array.shape[:2] == (height, width):
        return np.array(array, np.float32)
    planes = np.moveaxis(array.reshape(*array.shape[:2], -1), -1, 0)
    resized = [_resize_plane(plane, height=height, width=width) for plane in planes]
    return np.stack(resized, axis=-1).reshape(height, width, *array.shape[2:])


def _resize_plane(
    plane: Float[np.ndarray, "height width"], *, height: int, width: int
) -> Float[np.ndarray, "new_height new_width"]:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
