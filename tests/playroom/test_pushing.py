import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.camera import Camera
from unio.playroom.episode import Push
from unio.playroom.pushing import ADJACENT, apply_push, gap_between, push_succeeded
from unio.playroom.resting import rest
from unio.playroom.sampling import sample_scene
from unio.playroom.scene import Scene
from unio.playroom.things import SIZES, Shape, Thing


def scene(*things: tuple[Shape, float, float]) -> Scene:
    return sample_scene(0, "train").replace(
        camera=Camera(azimuth=0, elevation=50, distance=1.2),
        things=tuple(
            rest(
                Thing(shape=shape, colour="red", material="wood", size="small", position=(0, 0, 0)),
                (x, y),
                0.0,
            )
            for shape, x, y in things
        ),
    )


def push(where: Scene, start: tuple[float, float], end: tuple[float, float]) -> Push:
    points = where.camera.project(np.array([[*start, 0.0], [*end, 0.0]])).points.tolist()
    return Push(start=tuple(points[0]), end=tuple(points[1]))


def test_a_box_is_pushed_along_the_line() -> None:
    before = scene(("box", 0.0, 0.0))
    episode = apply_push(before, push(before, (0, -0.15), (0, 0.1)))
    x, y, z = episode.scenes[-1].things[0].position
    assert x == pytest.approx(0, abs=0.02)
    assert y == pytest.approx(0.1 + 0.02 + before.things[0].half_extents[1], abs=0.02)
    assert z == pytest.approx(before.things[0].position[2], abs=0.005)
    assert len(episode.actions) == 1


def test_a_bar_set_down_on_a_thing_lands_behind_it() -> None:
    before = scene(("cylinder", 0.0, 0.0))
    after = apply_push(before, push(before, (0, 0), (0, 0.12))).scenes[-1]
    assert after.things[0].position[1] > 0.1
    assert after.things[0].position[2] == pytest.approx(before.things[0].position[2], abs=0.01)


def test_a_push_of_no_length_moves_nothing() -> None:
    before = scene(("box", 0.0, 0.0))
    after = apply_push(before, push(before, (0.2, 0.2), (0.2, 0.2))).scenes[-1]
    np.testing.assert_allclose(after.things[0].position, before.things[0].position, atol=1e-3)


def test_gap_is_measured_between_surfaces() -> None:
    two = scene(("ball", 0.0, 0.0), ("ball", 0.0, 0.3))
    assert gap_between(two, 0, 1) == pytest.approx(0.3 - 2 * SIZES["small"], abs=1e-6)


def test_success_needs_a_move_and_a_small_gap() -> None:
    apart = scene(("ball", 0.0, 0.0), ("ball", 0.0, 0.3))
    close = 2 * SIZES["small"] + ADJACENT - 0.001
    beside, pushed_goal = (
        scene(("ball", 0.0, 0.3 - close), ("ball", 0.0, 0.3)),
        scene(("ball", 0.0, 0.0), ("ball", 0.0, close)),
    )
    assert push_succeeded(apart, beside, 0, 1)
    assert not push_succeeded(apart, pushed_goal, 0, 1)
    assert not push_succeeded(apart, scene(("ball", 0.0, 0.1), ("ball", 0.0, 0.3)), 0, 1)


def test_places_outside_the_picture_or_in_the_sky_are_refused() -> None:
    before = scene(("box", 0.0, 0.0))
    with pytest.raises(InputError, match=r"a push leaves the picture: got start \(1.2, 0.5\)"):
        apply_push(before, Push(start=(1.2, 0.5), end=(0.5, 0.5)))
    low = before.replace(camera=Camera(azimuth=0, elevation=5, distance=1.0))
    with pytest.raises(InputError, match="above the horizon"):
        apply_push(low, Push(start=(0.0, 0.5), end=(0.9, 0.5)))
