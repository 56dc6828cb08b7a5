"""Rendering without a graphics card: MuJoCo casts the rays, NumPy shades them.

One ray a pixel gives the exact ground truth; pixels on an edge get four more for a smooth picture.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Float32

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.frame import Frame
from unio.playroom.rays import cast
from unio.playroom.scene import Floor, Light, Scene
from unio.playroom.shading import Shader
from unio.playroom.simulator import Simulator
from unio.playroom.visible import Visible

__all__ = ["draw", "pixel_centres", "render"]

_EDGE = 0.08
"""Least difference of neighbouring pixels, 0..1, that counts as an edge to be smoothed."""


def render(scene: Scene, *, size: int = 128, camera: Camera | None = None) -> Frame:
    """The picture of a scene, ``size`` pixels square, from its own or another camera.

    A pure function: the same scene gives the same bits. Raises ``InputError`` for a size below 1.
    """
    world = Simulator(scene.things)
    return draw(world, camera=camera or scene.camera, lamp=scene.light, floor=scene.floor, size=size)


def draw(world: Visible, *, camera: Camera, lamp: Light, floor: Floor, size: int) -> Frame:
    """The picture of a world where it is now. Raises ``InputError`` for a size below 1."""
    if size < 1:
        raise InputError("a picture needs at least one pixel", got=f"size {size}", expected="size >= 1")
    shader = Shader(world, lamp=lamp, floor=floor)

    centres = camera.rays(pixel_centres(size))
    hits = cast(world, camera.position, centres)
    light = shader.shade(camera.position, centres, hits)
    light = _smooth_edges(light, size=size, camera=camera, world=world, shader=shader)
    return Frame(
        rgb=(_display(light) * 255 + 0.5).astype(np.uint8).reshape(size, size, 3),
        depth=hits.distance.astype(np.float32).reshape(size, size),
        normals=(hits.normals @ camera.rotation).astype(np.float32).reshape(size, size, 3),
        ids=hits.ids.reshape(size, size),
        count=len(world.things),
    )


@lru_cache(maxsize=8)
def pixel_centres(size: int) -> Float[np.ndarray, "pixels 2"]:
    """Places (y, x), 0..1, of the middles of a square picture's pixels, row by row; read-only."""
    places = (np.arange(size) + 0.5) / size
    rows, columns = np.meshgrid(places, places, indexing="ij")
    centres = np.stack([rows.reshape(-1), columns.reshape(-1)], axis=1)
    centres.setflags(write=False)
    return centres


def _display(light: Float32[np.ndarray, "rays 3"]) -> Float32[np.ndarray, "rays 3"]:
    """Linear light to display values 0..1 (gamma 2, as `COLOURS` are read)."""
    return np.sqrt(np.clip(light, 0, 1))


def _smooth_edges(
    light: Float32[np.ndarray, "pixels 3"],
    *,
    size: int,
    camera: Camera,
    world: Visible,
    shader: Shader,
) -> Float32[np.ndarray, "pixels 3"]:
    """Replace pixels on edges by the mean of four rays through the quarters of the pixel."""
    rows = np.flatnonzero(_edges(_display(light).reshape(size, size, 3)))
    if not len(rows):
        return light
    quarter = 0.25 / size
    corners = np.array([[y, x] for y in (-quarter, quarter) for x in (-quarter, quarter)])
    places = (pixel_centres(size)[rows, None] + corners).reshape(-1, 2)
    directions = camera.rays(places)
    parts = shader.shade(camera.position, directions, cast(world, camera.position, directions))
    smooth = light.copy()
    smooth[rows] = np.clip(parts, 0, 1).reshape(-1, 4, 3).mean(axis=1)
    return smooth


def _edges(picture: Float32[np.ndarray, "size size 3"]) -> Bool[np.ndarray, "size size"]:
    edges = np.zeros(picture.shape[:2], dtype=bool)
    down = _largest(np.abs(picture[1:] - picture[:-1])) > _EDGE
    across = _largest(np.abs(picture[:, 1:] - picture[:, :-1])) > _EDGE
    edges[1:] |= down
    edges[:-1] |= down
    edges[:, 1:] |= across
    edges[:, :-1] |= across
    return edges


def _largest(values: Float32[np.ndarray, "height width 3"]) -> Float32[np.ndarray, "height width"]:
    # Far faster than .max(axis=2) on so short an axis.
    return np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])
