"""Models that are plain boxes, red but for a grey front."""

import numpy as np

from unio.playroom.furniture import Mesh, Model

QUADS = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
"""Corners as in `Piece.corners`; the third is the front, at -y. Some face inward: that must not matter."""


def box_mesh(size: tuple[float, float, float]) -> Mesh:
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    faces = np.concatenate([QUADS[:, [0, 1, 2]], QUADS[:, [0, 2, 3]]])
    return Mesh(
        vertices=(signs * np.array(size) / 2).astype(np.float32),
        faces=faces.astype(np.int32),
        parts=np.array([0, 0, 1, 0, 0, 0] * 2, np.uint8),
        colours=np.array([[200, 30, 30], [90, 90, 90]], np.uint8),
    )


def box_model(
    name: str = "chair", size: tuple[float, float, float] = (0.4, 0.5, 0.9), category: str = "living room"
) -> Model:
    return Model(name=name, category=category, size=size, load=lambda: box_mesh(size))
