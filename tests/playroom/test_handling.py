import math

import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.films import has_doll
from unio.playroom.handling import MAX_MOVES, Handling, HandMove, expert_move, picture_axes, start_handling
from unio.playroom.pick_problems import pick_problem

UP = HandMove(offset=(0.0, 0.0, 0.05))


def some(seed: int = 2) -> Handling:
    while has_doll(pick_problem(seed, "test").scene):
        seed += 1
    return start_handling(pick_problem(seed, "test"))


def test_the_expert_carries_the_thing_there_and_lets_go() -> None:
    handling = some()
    heights = []
    while not handling.done:
        handling = handling.after(expert_move(handling))
        heights.append(handling.hand[2])
    assert handling.success
    assert handling.has_let_go
    assert max(heights) > heights[0]


def test_a_held_thing_moves_with_the_hand_along_the_picture() -> None:
    handling = some().after(UP).after(UP)
    before = handling.scene.things[handling.problem.mover].position
    after = handling.after(HandMove(offset=(0.03, 0.0, 0.0)))
    there = after.scene.things[after.problem.mover].position
    assert after.is_held
    points = handling.scene.camera.project(np.array([before, there])).points
    assert points[1, 1] > points[0, 1]
    assert math.dist(before, there) == pytest.approx(0.03, abs=0.01)
    right, away, up = picture_axes(handling.scene).T
    assert (right @ away, right @ up, up @ away) == pytest.approx((0, 0, 0), abs=1e-9)


def test_an_open_hand_moves_alone_and_cannot_grasp_from_afar() -> None:
    handling = some()
    gone = handling.after(HandMove(offset=(0.0, 0.0, 0.05), closed=False)).after(UP)
    assert not gone.is_held
    assert gone.scene == handling.scene
    assert gone.hand[2] == pytest.approx(handling.hand[2] + 0.1)


def test_moves_run_out() -> None:
    handling = some()
    for _ in range(MAX_MOVES):
        handling = handling.after(HandMove(offset=(0.0, 0.0, 0.0), closed=False))
    assert handling.done
    assert not handling.success


def test_a_move_too_long_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"a move too long for the hand: got .* expected 0.05 m or less an axis"
    ):
        some().after(HandMove(offset=(0.0, 0.2, 0.0)))
    with pytest.raises(InputError, match="a move too long"):
        some().after(HandMove(offset=(math.nan, 0.0, 0.0)))
