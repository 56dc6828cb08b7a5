"""`Frame`: a picture of a scene with its exact ground truth."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int, Int32

from unio.schema import Picture

__all__ = ["Frame"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What the camera sees.

    - ``rgb``: (size, size, 3), 0..255.
    - ``depth``: metres along the camera's axis; 0 where there is only sky.
    - ``normals``: unit vectors in the camera's axes (x right, y up, z towards the viewer); 0 for sky.
    - ``ids``: -2 sky, -1 floor, else the index of the thing. All three hold for pixel centres.
    - ``count``: things in the scene, seen or not.
    """

    rgb: Picture
    depth: Float32[np.ndarray, "size size"]
    normals: Float32[np.ndarray, "size size 3"]
    ids: Int32[np.ndarray, "size size"]
    count: int

    def pixel_counts(self) -> Int[np.ndarray, " things"]:
        """How many pixels show each thing."""
        return np.bincount(self.ids[self.ids >= 0], minlength=self.count)

    def visible(self, min_pixels: int = 1) -> Int[np.ndarray, " seen"]:
        """Indices of the things that at least ``min_pixels`` pixels show, ascending."""
        return np.flatnonzero(self.pixel_counts() >= max(min_pixels, 1))

    def boxes(self) -> Float[np.ndarray, "things 4"]:
        """Tightest boxes (y1, x1, y2, x2) around each thing's visible pixels, 0..1; zeros if unseen.

        Edges lie between pixels: a thing that fills the top left pixel of a 4 x 4 picture has the box
        (0, 0, 0.25, 0.25).
        """
        boxes = np.zeros((self.count, 4), dtype=np.float64)
        for index in self.visible():
            mask = self.ids == index
            rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
            boxes[index] = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
        return boxes / len(self.ids)
