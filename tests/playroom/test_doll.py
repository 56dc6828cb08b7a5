import numpy as np
import pytest

from unio.playroom.doll import BONES, JOINT_LIMITS, KEYPOINTS, SKELETON, doll_bounds
from unio.playroom.simulator import Simulator
from unio.playroom.things import Thing

JOINTS = tuple(low + 0.3 * (high - low) for low, high in JOINT_LIMITS)
DOLL = Thing(
    shape="doll",
    colour="red",
    material="rubber",
    size="large",
    position=(0.1, -0.2, 0.3),
    rotation=(0.8, 0.0, 0.0, 0.6),
    joints=JOINTS,
)


def test_there_are_the_17_keypoints_of_coco_and_a_drawing_joins_them_all() -> None:
    assert len(KEYPOINTS) == 17
    assert {point for pair in SKELETON for point in pair} == set(range(17))


def test_bones_are_where_the_simulator_has_them() -> None:
    simulator = Simulator([DOLL])
    names = [bone.name for bone in BONES]
    for name, place in zip(KEYPOINTS, DOLL.keypoints(), strict=True):
        bone, local = KEYPOINTS[name]
        body = int(simulator.roots[0]) + names.index(bone)
        axes = simulator.data.xmat[body].reshape(3, 3)
        expected = simulator.data.xpos[body] + axes @ (np.array(local) * 0.087)
        np.testing.assert_allclose(place, expected, atol=1e-9)


def test_its_left_is_on_its_left() -> None:
    points = dict(zip(KEYPOINTS, DOLL.moved((0, 0, 0), (1, 0, 0, 0)).keypoints(), strict=True))
    assert points["left shoulder"][1] > points["right shoulder"][1]
    assert points["nose"][0] > points["left ear"][0]


def test_the_bounds_hold_every_keypoint() -> None:
    low, high = doll_bounds(JOINTS)
    local = DOLL.moved((0, 0, 0), (1, 0, 0, 0)).keypoints() / 0.087
    assert np.all(local >= low)
    assert np.all(local <= high)


def test_a_doll_without_joints_is_refused() -> None:
    with pytest.raises(Exception, match="wrong number of joints for a doll: got 3; expected 14"):
        Thing(shape="doll", colour="red", material="wood", size="small", position=(0, 0, 0), joints=(0, 0, 0))
