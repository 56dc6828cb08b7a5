import math

import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.scene import Light, Scene, check_split
from unio.playroom.things import Thing

BALL = Thing(shape="ball", colour="red", material="wood", size="small", position=(0, 0, 0))
SCENE = Scene(
    seed=3,
    split="train",
    things=(BALL,),
    camera=Camera(azimuth=0, elevation=40, distance=1),
    light=Light(azimuth=90, elevation=30, distance=2),
)


def test_light_position() -> None:
    np.testing.assert_allclose(SCENE.light.position, (0, math.sqrt(3), 1), atol=1e-12)


def test_scenes_are_values() -> None:
    assert SCENE.replace(seed=4) != SCENE
    assert SCENE.replace(seed=4).replace(seed=3) == SCENE


def test_wrong_index_is_refused() -> None:
    with pytest.raises(InputError, match="no such thing in the scene: got index 1; expected 0 to 0"):
        SCENE.thing(1)


def test_wrong_split_is_refused() -> None:
    with pytest.raises(InputError, match="unknown split: got 'valid'; expected one of train, test, novel"):
        check_split("valid")
