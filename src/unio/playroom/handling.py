"""Handling: an unseen hand that carries a thing to its place in moves of at most five centimetres.

Moves are told along the picture: to the right, away from the viewer over the floor, and up. A move takes a
tenth of a second; everything else goes on under physics.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.playroom.bodies import TIMESTEP
from unio.playroom.episode import FRAME_RATE
from unio.playroom.grasping import SETTLE_FRAMES, CarryPlan, carry_plan, ground_at
from unio.playroom.pick_problems import PickProblem, is_done
from unio.playroom.rotations import multiply, turn
from unio.playroom.scene import Scene
from unio.playroom.simulator import Simulator

__all__ = [
    "LONGEST_MOVE",
    "MAX_MOVES",
    "HandMove",
    "Handling",
    "expert_move",
    "picture_axes",
    "start_handling",
]

LONGEST_MOVE = 0.05
"""Metres that the hand moves along each axis at most."""

MAX_MOVES = 40
"""Moves that a problem allows."""

_THERE = 0.003
"""Metres from a corner of its way at which the hand counts as there."""
_GRASP = 0.03
"""Metres from a thing's middle within which a hand that closes has it."""
_STEPS_A_MOVE = round(1 / (FRAME_RATE * TIMESTEP))


@dataclass(frozen=True, kw_only=True)
class HandMove:
    """Where the hand goes: ``offset`` (right, away, up) in metres, ``turned`` radians about the vertical.

    ``closed``: the gripper closes before the move, or stays closed; else it opens before the move.
    """

    offset: tuple[float, float, float]
    turned: float = 0.0
    closed: bool = True


@dataclass(frozen=True, kw_only=True)
class Handling:
    """A pick problem on the way: the scene as it is now, and where the hand is (x, y, z in metres).

    The hand begins at the middle of the thing to be moved, open.
    """

    problem: PickProblem
    plan: CarryPlan
    scene: Scene
    hand: tuple[float, float, float]
    is_held: bool = False
    has_let_go: bool = False
    moves: int = 0

    @property
    def success(self) -> bool:
        """Whether the thing was let go and lies where it should."""
        problem = self.problem
        return self.has_let_go and is_done(
            problem.scene, self.scene, problem.mover, problem.goal, problem.other
        )

    @property
    def done(self) -> bool:
        """Whether the thing was let go, or no move is left."""
        return self.has_let_go or self.moves >= MAX_MOVES

    def after(self, move: HandMove) -> "Handling":
        """The handling one move on; a hand that lets go waits until all is at rest.

        Raises ``InputError`` for a move that is no number or longer than `LONGEST_MOVE` along an axis.
        """
        if not all(abs(part) <= LONGEST_MOVE + 1e-9 for part in move.offset):
            raise InputError(
                "a move too long for the hand", got=move.offset, expected=f"{LONGEST_MOVE} m or less an axis"
            )
        taken = self.moves + 1
        if self.is_held and not move.closed:
            return replace(self, scene=self._let_go(), is_held=False, has_let_go=True, moves=taken)
        x, y, z = (np.array(self.hand) + picture_axes(self.scene) @ np.array(move.offset)).tolist()
        middle = self.scene.things[self.problem.mover].position
        if not self.is_held and not (move.closed and math.dist(middle, self.hand) <= _GRASP):
            return replace(self, hand=(x, y, z), moves=taken)
        scene = self._carried((x, y, z), move.turned)
        return replace(self, scene=scene, hand=(x, y, z), is_held=True, moves=taken)

    def _carried(self, place: tuple[float, float, float], turned: float) -> Scene:
        mover = self.problem.mover
        thing = self.scene.things[mover]
        thing = thing.moved(thing.position, multiply(turn((0, 0, 1), turned), thing.rotation))
        things = (*self.scene.things[:mover], thing, *self.scene.things[mover + 1 :])
        simulator = Simulator(things)
        simulator.hold([mover])
        simulator.carry(mover, place, (0.0, 0.0, 0.0))
        simulator.step(_STEPS_A_MOVE)
        return self.scene.replace(things=simulator.things_now())

    def _let_go(self) -> Scene:
        simulator = Simulator(self.scene.things)
        simulator.step(SETTLE_FRAMES * _STEPS_A_MOVE)
        return self.scene.replace(things=simulator.things_now())


def start_handling(problem: PickProblem) -> Handling:
    """The hand at the thing to be moved, and the way that the expert's place asks for."""
    ground = ground_at(problem.scene, problem.expert)
    assert ground is not None, "an expert's place is ground"
    plan = carry_plan(problem.scene, problem.mover, (float(ground[0]), float(ground[1])))
    start = problem.scene.things[problem.mover].position
    return Handling(problem=problem, plan=plan, scene=problem.scene, hand=start)


def expert_move(handling: Handling) -> HandMove:
    """Straight up, across, down until the thing touches, and let go; told from where the hand is now."""
    here, target = np.array(handling.hand), np.array(handling.plan.target)
    across = target[:2] - here[:2]
    if float(np.hypot(*across)) > _THERE:
        rise = handling.plan.travel - here[2]
        way = np.array([0.0, 0.0, rise]) if rise > _THERE else np.array([*across, 0.0])
    else:
        way = np.array([0.0, 0.0, target[2] - here[2]])
    length = float(np.linalg.norm(way))
    if length <= _THERE:
        return HandMove(offset=(0.0, 0.0, 0.0), closed=False)
    right, away, up = (picture_axes(handling.scene).T @ way * min(1.0, LONGEST_MOVE / length)).tolist()
    return HandMove(offset=(right, away, up))


def picture_axes(scene: Scene) -> Float[np.ndarray, "3 3"]:
    """Columns are the picture's right, away over the floor, and up, in the world."""
    right, back = scene.camera.rotation[:, 0], scene.camera.rotation[:2, 2]
    away = -back / np.linalg.norm(back)
    return np.stack([right, [away[0], away[1], 0.0], [0.0, 0.0, 1.0]], axis=1)
