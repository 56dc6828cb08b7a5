import math
from typing import get_args

import numpy as np
import pytest

from unio.playroom.resting import footprint, heading, reach, rest
from unio.playroom.things import Shape, Thing


def thing(shape: Shape) -> Thing:
    joints = (0.1,) * 14 if shape == "doll" else ()
    return Thing(shape=shape, colour="red", material="wood", size="large", position=(0, 0, 9), joints=joints)


@pytest.mark.parametrize("shape", get_args(Shape))
def test_rests_on_the_floor_at_the_place(shape: Shape) -> None:
    lying = rest(thing(shape), (0.5, -0.5), 0.7)
    assert lying.position[:2] == (0.5, -0.5)
    assert lying.corners()[:, 2].min() == pytest.approx(0, abs=1e-12)
    assert heading(lying) == pytest.approx(0.7)


def test_box_reaches_farther_to_its_corner() -> None:
    half = thing("box").half_extents[0]
    lying = rest(thing("box"), (0, 0), math.pi / 4)
    assert reach(lying, np.array([1.0, 0.0])) == pytest.approx(half * math.sqrt(2))
    assert footprint(lying) == pytest.approx(half * math.sqrt(2))


def test_capsule_reaches_farther_along_its_axis() -> None:
    x, _, z = thing("capsule").half_extents
    lying = rest(thing("capsule"), (0, 0), 0.0)
    assert reach(lying, np.array([1.0, 0.0])) == pytest.approx(z)
    assert reach(lying, np.array([0.0, 1.0])) == pytest.approx(x)


def test_upright_cylinder_reaches_the_same_all_around() -> None:
    x = thing("cylinder").half_extents[0]
    lying = rest(thing("cylinder"), (0, 0), 0.3)
    assert reach(lying, np.array([0.6, 0.8])) == pytest.approx(x)
