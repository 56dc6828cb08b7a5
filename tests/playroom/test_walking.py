import math
from dataclasses import replace

import pytest

from unio.core import InputError
from unio.playroom.renderer import render
from unio.playroom.walking import MAX_STEPS, expert_step, good_steps, walk_problem


def test_the_expert_gets_there_and_stops_in_front_of_the_goal() -> None:
    for seed in range(10):
        walk = walk_problem(seed, "novel")
        while not walk.done:
            assert expert_step(walk) in good_steps(walk)
            walk = walk.after(expert_step(walk))
        assert walk.success


def test_stopping_at_once_or_never_fails() -> None:
    walk = walk_problem(0, "test")
    assert not walk.after("stop").success
    for _ in range(MAX_STEPS):
        walk = walk.after("left")
    assert walk.done
    assert not walk.success


def test_a_goal_ahead_is_seen_in_the_middle_and_left_is_left() -> None:
    walk = walk_problem(3, "test")
    goal = walk.scene.things[walk.goal].position
    towards = math.atan2(goal[1] - walk.place[1], goal[0] - walk.place[0])
    for turned, side in ((0.0, 0), (-0.4, 1), (0.4, -1)):
        facing = replace(walk, heading=towards + turned)
        import numpy as np

        across = float(facing.view.camera.project(np.array([goal])).points[0, 1])
        assert np.sign(round(0.5 - across, 6)) == side
        assert np.sign(round(facing.bearing, 6)) == side
    assert render(replace(walk, heading=towards).view, size=8).rgb.shape == (8, 8, 3)


def test_a_step_into_a_thing_leaves_the_walker_where_it_is() -> None:
    walk = walk_problem(3, "test")
    x, y, _ = walk.scene.things[walk.goal].position
    blocked = replace(walk, place=(x - 0.25, y), heading=0.0)
    assert blocked.after("forward").place == blocked.place


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(InputError, match="unknown step: got 'jump'"):
        walk_problem(0, "test").after("jump")  # type: ignore[arg-type]
