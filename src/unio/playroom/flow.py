"""Optical flow: where what a picture shows was in an earlier one, from the simulator's poses."""

import numpy as np
from jaxtyping import Float, Float32

from unio.core import InputError
from unio.playroom.rays import SKY_ID, cast
from unio.playroom.renderer import pixel_centres
from unio.playroom.scene import Scene
from unio.playroom.simulator import Simulator

__all__ = ["optical_flow"]

_SKY = 1e4
"""Metres at which the backdrop is taken to be: it moves when the camera turns, hardly when it travels."""


def optical_flow(before: Scene, after: Scene, *, size: int = 128) -> Float32[np.ndarray, "size size 2"]:
    """How far, in pixels (down, right), what each pixel of ``after`` shows has moved since ``before``.

    Both are states of the same things, each seen by its own camera; a doll's limbs move on their own.
    What was hidden before has a flow too. Raises ``InputError`` if the things are not the same.
    """
    if [thing.name for thing in before.things] != [thing.name for thing in after.things]:
        raise InputError("flow between scenes of different things", expected="two states of one scene")
    then, now = Simulator(before.things), Simulator(after.things)
    camera = after.camera
    centres = pixel_centres(size)
    directions = camera.rays(centres)
    hits = cast(now, camera.position, directions)
    distance = np.where(hits.ids == SKY_ID, _SKY, hits.distance)
    points = camera.position + directions * distance[:, None]
    earlier = points.copy()
    for body in np.unique(now.model.geom_bodyid[hits.geoms[hits.ids >= 0]]).tolist():
        rows = np.flatnonzero((hits.ids >= 0) & (now.model.geom_bodyid[hits.geoms] == body))
        earlier[rows] = _carried_back(then, now, body, points[rows])
    flow = (centres - before.camera.project(earlier).points) * size
    return flow.astype(np.float32).reshape(size, size, 2)


def _carried_back(
    then: Simulator, now: Simulator, body: int, points: Float[np.ndarray, "count 3"]
) -> Float[np.ndarray, "count 3"]:
    """Points on a body now, where the body had them then."""
    local = (points - now.data.xpos[body]) @ now.data.xmat[body].reshape(3, 3)
    return then.data.xpos[body] + local @ then.data.xmat[body].reshape(3, 3).T
