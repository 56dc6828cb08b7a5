import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.edits import recolour, remove
from unio.playroom.renderer import render
from unio.playroom.resting import rest
from unio.playroom.sampling import sample_scene
from unio.playroom.scene import Light, Scene
from unio.playroom.things import MATERIALS, SIZES, Material, Shape, Thing


def lone(shape: Shape, *, material: Material = "rubber", place: tuple[float, float] = (0, 0)) -> Scene:
    thing = Thing(shape=shape, colour="blue", material=material, size="large", position=(0, 0, 0))
    return Scene(
        seed=0,
        split="test",
        things=(rest(thing, place, 0.4),),
        camera=Camera(azimuth=25, elevation=35, distance=1.1, target=(0, 0, SIZES["large"])),
        light=Light(azimuth=120, elevation=50),
    )


def test_depth_of_a_ball_at_its_centre_and_its_outline() -> None:
    frame = render(lone("ball"), size=63)
    assert frame.ids[31, 31] == 0
    assert frame.depth[31, 31] == pytest.approx(1.1 - SIZES["large"], abs=1e-4)
    np.testing.assert_allclose(frame.normals[31, 31], (0, 0, 1), atol=1e-3)
    outline = np.tan(np.arcsin(SIZES["large"] / 1.1)) / np.tan(np.radians(20)) / 2
    np.testing.assert_allclose(
        frame.boxes()[0], (0.5 - outline, 0.5 - outline, 0.5 + outline, 0.5 + outline), atol=1 / 63
    )


def test_floor_depth_and_normals_are_those_of_the_plane() -> None:
    scene = lone("box")
    frame = render(scene, size=16)
    floor = frame.ids == -1
    up = scene.camera.rotation.T @ (0, 0, 1)
    np.testing.assert_allclose(frame.normals[floor], np.tile(up, (floor.sum(), 1)), atol=1e-6)
    rows, columns = np.nonzero(floor)
    places = np.stack([rows + 0.5, columns + 0.5], axis=1) / 16
    points = scene.camera.unproject_to_floor(places)
    np.testing.assert_allclose(frame.depth[floor], scene.camera.project(points).depth, rtol=1e-5)


def test_cone_normals_are_smooth_and_lean_up() -> None:
    scene = lone("cone")
    frame = render(scene, size=64)
    world = frame.normals[frame.ids == 0] @ scene.camera.rotation.T
    x, _, z = scene.things[0].half_extents
    np.testing.assert_allclose(world[:, 2], x / np.hypot(x, 2 * z), atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(world, axis=1), 1, atol=1e-5)


def test_sky_has_no_depth() -> None:
    frame = render(lone("ball"), size=16, camera=Camera(azimuth=0, elevation=2, distance=1.0))
    sky = frame.ids == -2
    assert sky[0].all()
    assert not frame.depth[sky].any()
    assert not frame.normals[sky].any()


def test_projected_centres_lie_in_their_boxes() -> None:
    for seed in range(6):
        scene = sample_scene(seed, "test")
        frame = render(scene, size=64)
        centres = scene.camera.project(np.array([thing.position for thing in scene.things])).points
        lone_boxes = np.stack(
            [render(scene.replace(things=(thing,)), size=64).boxes()[0] for thing in scene.things]
        )
        assert np.all((lone_boxes[:, :2] <= centres) & (centres <= lone_boxes[:, 2:]))
        assert len(frame.visible(min_pixels=16)) == len(scene.things)


def test_same_scene_same_bits() -> None:
    scene = sample_scene(3, "train")
    first, second = render(scene, size=32), render(scene, size=32)
    for name in ("rgb", "depth", "normals", "ids"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert first.rgb.dtype == np.uint8
    assert first.ids.dtype == np.int32
    assert first.depth.dtype == first.normals.dtype == np.float32


def test_shadow_falls_away_from_the_light() -> None:
    scene = lone("box")
    away = -scene.light.position[:2] / np.hypot(*scene.light.position[:2])
    points = np.array([[*away * 0.14, 0.0], [*-away * 0.14, 0.0]])
    rows, columns = (scene.camera.project(points).points.T * 128).astype(int)
    frame = render(scene)
    shaded, lit = frame.rgb[rows, columns].astype(int).sum(axis=1)
    assert frame.ids[rows, columns].tolist() == [-1, -1]
    assert shaded < 0.8 * lit


def test_recolouring_changes_the_thing_only_and_removing_shows_the_floor() -> None:
    scene = lone("ball")
    before, after = render(scene, size=48), render(recolour(scene, 0, "yellow"), size=48)
    np.testing.assert_array_equal(before.ids, after.ids)
    changed = np.any(before.rgb != after.rgb, axis=2)
    near = np.pad(before.ids == 0, 1)
    near = near[1:-1, 1:-1] | near[:-2, 1:-1] | near[2:, 1:-1] | near[1:-1, :-2] | near[1:-1, 2:]
    assert changed[before.ids == 0].mean() > 0.95
    assert not changed[~near].any()
    assert (render(remove(scene, 0), size=48).ids == -1).all()


def test_materials_look_different() -> None:
    brightness: dict[str, float] = {}
    roughness: dict[str, float] = {}
    for material in MATERIALS:
        frame = render(lone("ball", material=material), size=64)
        rgb, inside = frame.rgb.astype(float), frame.ids == 0
        brightness[material] = rgb[inside].mean()
        steps = np.abs(np.diff(rgb, axis=1)).mean(axis=2)
        roughness[material] = steps[inside[:, 1:] & inside[:, :-1]].mean()
    assert brightness["glass"] > 1.3 * brightness["rubber"]  # pale
    assert brightness["wood"] < 0.9 * brightness["rubber"]  # dark grain
    for material in ("wood", "metal"):  # grain, and windows mirrored
        assert roughness[material] > 1.5 * roughness["rubber"]


def test_a_picture_needs_a_pixel() -> None:
    with pytest.raises(InputError, match="at least one pixel: got size 0"):
        render(lone("ball"), size=0)
