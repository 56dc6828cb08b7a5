"""PushT (package ``gym-pusht``, Apache-2.0; arXiv 2303.04137) as the family `act`.

A grey T has to be pushed onto a green one. An action is a push, as in the playroom: a round pusher is set
down at y1 x1 and moves to y2 x2, in pixels of the picture; gym-pusht moves it and judges, by 95 % of the
green T being covered. Setting it down anew is the one liberty taken: in gym-pusht itself it would have to
drive around.
"""

import importlib
import math
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import MissingExtraError, random_stream
from unio.data.simulators.pusht_expert import best_push
from unio.data.simulators.trial import Simulator
from unio.data.simulators.world import Action, WorldSplit
from unio.schema import Picture

__all__ = ["MOST_PUSHES", "PUSHER_RADIUS", "PUSHT", "SIDE", "SIZE", "PushedT", "open_pusht"]

SIDE = 512.0
"""Side of gym-pusht's table, in its own units, in which pushes are simulated."""

SIZE = 128
MOST_PUSHES = 12
"""The expert needs 6 on average."""

PUSHER_RADIUS = 15.0
STRIDE = 20.0
"""How far the pusher is told to go in a tenth of a second."""

REST = 2
"""Tenths of a second that it has to arrive."""

Point = Float[np.ndarray, " 2"]


class PushedT:
    """A T under way. ``film``, where it is a list, gets a picture of every tenth of a second."""

    instruction = "push the grey T onto the green T"

    def __init__(self, seed: int) -> None:
        self._table: Any = _load().PushTEnv(observation_width=SIZE, observation_height=SIZE)
        self._table.reset(seed=seed)
        self.film: list[Picture] | None = None
        self.pushes = 0
        self.coverage = 0.0
        self.success = False

    @property
    def done(self) -> bool:
        """Whether the green T is covered or no push is left."""
        return self.success or self.pushes >= MOST_PUSHES

    @property
    def figures(self) -> dict[str, float]:
        """The part of the green T that is covered, 0..1, and how many pushes it took."""
        return {"coverage": self.coverage, "pushes": float(self.pushes)}

    def picture(self) -> Picture:
        """The table from above: (128, 128, 3)."""
        self._table.obs_type = "pixels"
        seen: Picture = self._table.get_obs()
        self._table.obs_type = "state"
        return seen

    def expert(self) -> np.ndarray:
        """The push (4,), y1 x1 y2 x2 in pixels, that of many tried brings the T nearest to its goal."""
        start, end = best_push(self)
        return np.array([start[1], start[0], end[1], end[0]]) * (SIZE / SIDE)

    def take(self, action: Action | None) -> None:
        """Make a push; one that cannot be read, or begins on the T, is lost time."""
        self.pushes += 1
        if action is None or isinstance(action, str):
            return
        y1, x1, y2, x2 = np.clip(action * (SIDE / SIZE), PUSHER_RADIUS, SIDE - PUSHER_RADIUS).tolist()
        start = np.array([x1, y1])
        if self.gap(start) >= PUSHER_RADIUS:
            self.coverage, self.success = self.push(start, np.array([x2, y2]))

    def gap(self, place: Point) -> float:
        """How far a place (x, y) is from the T, negative inside it."""
        return min(float(shape.point_query(tuple(place)).distance) for shape in self._table.block.shapes)

    def push(self, start: Point, end: Point) -> tuple[float, bool]:
        """Set the pusher down at ``start`` (x, y) and move it to ``end``.

        Gives the part of the green T that is covered then, and whether that is enough.
        """
        self._table.agent.position, self._table.agent.velocity = tuple(start), (0, 0)
        if self.film is not None:
            self.film.append(self.picture())
        strides = max(1, math.ceil(float(np.linalg.norm(end - start)) / STRIDE))
        parts = [min(number / strides, 1.0) for number in range(1, strides + 1 + REST)]
        coverage, is_over = 0.0, False
        for part in parts:
            _, _, is_over, _, told = self._table.step(start + (end - start) * part)
            coverage = float(told["coverage"])
            if self.film is not None:
                self.film.append(self.picture())
        return coverage, bool(is_over)

    @property
    def pose(self) -> tuple[float, float, float]:
        """Where the T is: x, y, and its turn in radians."""
        x, y = self._table.block.position
        return float(x), float(y), float(self._table.block.angle)

    def lay(self, pose: tuple[float, float, float]) -> None:
        """Put the T, at rest, where it was."""
        block = self._table.block
        block.angle = pose[2]  # first: it turns about its centre of gravity, which moves its position
        block.position = pose[:2]
        block.velocity, block.angular_velocity = (0, 0), 0
        self._table.space.reindex_shapes_for_body(block)  # else `gap` measures to where it was before

    @property
    def goal(self) -> tuple[float, float, float]:
        """Where it should be."""
        x, y, turn = self._table.goal_pose.tolist()
        return x, y, turn

    @property
    def outlines(self) -> list[Float[np.ndarray, "corners 2"]]:
        """The corners (x, y) of its bar and its stem along its own axes, one after the other around each."""
        shapes = [
            np.array([tuple(one) for one in shape.get_vertices()]) for shape in self._table.block.shapes
        ]
        return sorted(shapes, key=lambda corners: float(corners[:, 1].max()))


def open_pusht(split: WorldSplit, seed: int, index: int) -> PushedT:
    """Problem number ``index``. Raises ``MissingExtraError`` without gym-pusht."""
    return PushedT(int(random_stream(seed, "pusht", split, index).integers(2**31)))


def _load() -> Any:
    try:
        return importlib.import_module("gym_pusht.envs.pusht")
    except ImportError as error:
        raise MissingExtraError("gym-pusht", extra="pusht") from error


PUSHT = Simulator(
    name="pusht",
    title="push the T onto its goal",
    task="act",
    earlier_views=0,
    open_world=open_pusht,
)
"""The simulator."""
