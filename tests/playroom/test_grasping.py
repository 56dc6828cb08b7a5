import pytest

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.grasping import CARRY_HEIGHT, PickPlace, apply_pick_place, support_height, thing_at
from unio.playroom.resting import rest
from unio.playroom.scene import Light, Scene
from unio.playroom.stacking import carriers_of, lowest_point
from unio.playroom.things import Thing

CONE = Thing(shape="cone", colour="red", material="wood", size="small", position=(0, 0, 0))
BOX = Thing(shape="box", colour="blue", material="wood", size="large", position=(0, 0, 0))
SCENE = Scene(
    seed=0,
    split="test",
    things=(rest(CONE, (0.0, 0.2), 0.0), rest(BOX, (0.0, -0.15), 0.0)),
    camera=Camera(azimuth=0, elevation=45, distance=1.2),
    light=Light(azimuth=0, elevation=60),
)


def place_of(point: tuple[float, float, float]) -> tuple[float, float]:
    import numpy as np

    y, x = SCENE.camera.project(np.array([point])).points[0].tolist()
    return y, x


PICK = place_of((0.0, 0.2, 0.05))
ON_BOX = place_of((0.0, -0.15, 0.15))


def test_a_place_of_the_picture_names_a_thing_or_none() -> None:
    assert thing_at(SCENE, PICK) == 0
    assert thing_at(SCENE, ON_BOX) == 1
    assert thing_at(SCENE, (0.99, 0.5)) is None


def test_the_cone_is_carried_over_and_put_on_the_box() -> None:
    episode = apply_pick_place(SCENE, PickPlace(pick=PICK, place=ON_BOX))
    assert carriers_of(episode.scenes[-1].things) == {0: 1}
    highest = max(lowest_point(scene.things[0]) for scene in episode.scenes)
    assert highest > CARRY_HEIGHT - 0.02
    assert any((contact.thing, contact.other) == (0, 1) for contact in episode.contacts)


def test_without_contacts_it_ends_in_the_same_place() -> None:
    action = PickPlace(pick=PICK, place=ON_BOX)
    silent = apply_pick_place(SCENE, action, with_contacts=False)
    assert silent.scenes == apply_pick_place(SCENE, action).scenes
    assert silent.contacts == ()


def test_picking_the_floor_moves_nothing() -> None:
    after = apply_pick_place(SCENE, PickPlace(pick=(0.99, 0.5), place=ON_BOX)).scenes[-1]
    assert after.things[0].position == pytest.approx(SCENE.things[0].position, abs=0.003)


def test_support_is_the_floor_or_the_top_of_what_is_there() -> None:
    assert support_height(SCENE, 0, (0.3, 0.3)) == pytest.approx(0, abs=1e-6)
    assert support_height(SCENE, 0, (0.0, -0.15)) == pytest.approx(2 * BOX.half_extents[2], abs=1e-6)


def test_a_place_outside_the_picture_is_refused() -> None:
    with pytest.raises(InputError, match="a place outside the picture"):
        apply_pick_place(SCENE, PickPlace(pick=(1.2, 0.5), place=ON_BOX))
