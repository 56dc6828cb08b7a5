import numpy as np
import pytest

from unio.core import InputError
from unio.playroom import optical_flow, render, sample_scene
from unio.playroom.resting import heading, rest

SCENE = sample_scene(2, "test", count=(1, 1))


def test_nothing_moves_nothing_flows() -> None:
    np.testing.assert_allclose(optical_flow(SCENE, SCENE, size=16), 0, atol=1e-5)


def test_a_moved_thing_flows_as_its_middle_does_and_the_floor_stays() -> None:
    thing = SCENE.things[0]
    x, y, _ = thing.position
    moved = SCENE.replace(things=(rest(thing, (x + 0.03, y - 0.02), heading(thing)),))
    flow, ids = optical_flow(SCENE, moved, size=64), render(moved, size=64).ids
    np.testing.assert_allclose(flow[ids == -1], 0, atol=1e-4)
    middles = np.array([scene.things[0].position for scene in (SCENE, moved)])
    places = SCENE.camera.project(middles).points
    np.testing.assert_allclose(flow[ids == 0].mean(axis=0), (places[1] - places[0]) * 64, atol=0.6)


def test_scenes_of_different_things_are_refused() -> None:
    with pytest.raises(InputError, match="flow between scenes of different things"):
        optical_flow(SCENE, sample_scene(2, "test", count=(2, 2)), size=8)
