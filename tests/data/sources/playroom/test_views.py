import numpy as np

from unio.data.sources.playroom.views import Setting, look, still_view
from unio.playroom import Camera

SETTING = Setting(seed=3, split="test", size=48)


def test_a_scene_is_rendered_once():
    assert still_view(SETTING) is still_view(Setting(seed=3, split="test", size=48))


def test_boxes_are_in_pixels_around_what_is_seen():
    view = still_view(SETTING)
    for one in view.sight.seen:
        rows, columns = np.nonzero(view.frame.ids == one.index)
        box = [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
        assert np.allclose(view.box(one), box)


def test_labels_are_colour_and_shape():
    view = still_view(SETTING)
    one = view.sight.seen[0]
    assert view.short_label(one) == f"{one.thing.colour} {one.thing.shape}"


def test_another_camera_sees_the_same_things():
    view = still_view(SETTING)
    other = look(view.scene, 48, camera=Camera(azimuth=10.0, elevation=40.0, distance=1.2))
    assert other.scene.things == view.scene.things
    assert other.scene.camera.azimuth == 10.0
