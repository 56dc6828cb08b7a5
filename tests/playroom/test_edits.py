import pytest

from unio.core import InputError
from unio.playroom.edits import change_material, change_shape, change_size, recolour, remove
from unio.playroom.resting import heading
from unio.playroom.sampling import sample_scene

SCENE = sample_scene(2, "train", count=(3, 3))


def test_edits_touch_one_thing() -> None:
    edited = recolour(SCENE, 1, "black")
    assert edited.things[1].colour == "black"
    assert (edited.things[0], edited.things[2]) == (SCENE.things[0], SCENE.things[2])
    assert edited.camera == SCENE.camera
    assert change_material(SCENE, 0, "glass").things[0].material == "glass"


def test_other_shape_rests_at_the_same_place() -> None:
    for shape in ("ball", "capsule", "box"):
        thing = change_shape(SCENE, 2, shape).things[2]
        assert thing.shape == shape
        assert thing.position[:2] == SCENE.things[2].position[:2]
        assert heading(thing) == pytest.approx(heading(SCENE.things[2]))
        assert thing.corners()[:, 2].min() == pytest.approx(0, abs=1e-9)


def test_other_size_rests_on_the_floor() -> None:
    thing = change_size(SCENE, 0, "small").things[0]
    assert thing.size == "small"
    assert thing.corners()[:, 2].min() == pytest.approx(0, abs=1e-9)


def test_remove_moves_later_things_up() -> None:
    assert remove(SCENE, 1).things == (SCENE.things[0], SCENE.things[2])
    with pytest.raises(InputError, match="no such thing in the scene: got index 3"):
        remove(SCENE, 3)
