import math

import numpy as np
import pytest

from unio.data.simulators.pusht_expert import best_push, corner_distance

SQUARE = np.array([[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]])


class Slider:
    """A square that a push moves along with it, as far as it goes beyond the square's edge."""

    outlines = (SQUARE,)

    def __init__(self, pose, goal):
        self.pose, self.goal = pose, goal

    def lay(self, pose):
        self.pose = pose

    def push(self, start, end):
        moved = (end - start) * max(0.0, 1 - 5 / float(np.linalg.norm(end - start)))
        self.pose = (self.pose[0] + float(moved[0]), self.pose[1] + float(moved[1]), self.pose[2])


def test_it_pushes_towards_the_goal_and_leaves_the_block():
    block = Slider((200.0, 200.0, 0.0), (240.0, 200.0, 0.0))
    start, end = best_push(block)
    assert block.pose == (200.0, 200.0, 0.0)
    assert start[0] == 160
    assert end - start == pytest.approx([45, 0])


def test_a_turned_block_is_pushed_along_its_own_axes():
    block = Slider((200.0, 200.0, math.pi / 4), (200 + 28.284, 200 + 28.284, math.pi / 4))
    start, end = best_push(block)
    assert end - start == pytest.approx(np.full(2, 45 / math.sqrt(2)), abs=1e-6)


def test_pushes_begin_on_the_table():
    start, _ = best_push(Slider((30.0, 200.0, 0.0), (100.0, 200.0, 0.0)))
    assert start.min() >= 15


def test_the_distance_tells_of_place_and_turn():
    assert corner_distance(SQUARE, (3.0, 4.0, 0.0), (0.0, 0.0, 0.0)) == pytest.approx(5)
    assert corner_distance(SQUARE, (0.0, 0.0, math.pi / 2), (0.0, 0.0, 0.0)) == pytest.approx(40)
