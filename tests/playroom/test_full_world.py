import numpy as np
import pytest

from unio.core import InputError
from unio.playroom import SPLITS, Split, is_novel, render, sample_full_scene
from unio.playroom.simulator import Simulator
from unio.playroom.stacking import carriers_of
from unio.playroom.things import ALL_SHAPES

SEEDS = range(30)


@pytest.mark.parametrize("split", SPLITS)
def test_no_held_out_combination_leaks(split: Split) -> None:
    for seed in SEEDS:
        scene = sample_full_scene(seed, split)
        held_out = [is_novel(thing.colour, thing.shape, thing.material) for thing in scene.things]
        assert any(held_out) == (split == "novel")


def test_a_scene_is_a_pure_function_of_its_seed() -> None:
    assert sample_full_scene(5, "test") == sample_full_scene(5, "test")
    assert sample_full_scene(5, "test") != sample_full_scene(6, "test")


def test_every_shape_comes_up_and_so_do_stacks_and_bowls() -> None:
    scenes = [sample_full_scene(seed, "train") for seed in range(60)]
    assert {thing.shape for scene in scenes for thing in scene.things} == set(ALL_SHAPES)
    bases = {scene.things[base].shape for scene in scenes for base in carriers_of(scene.things).values()}
    assert bases == {"box", "cylinder", "bowl"}


def test_things_touch_but_do_not_press_into_each_other() -> None:
    for seed in SEEDS:
        scene = sample_full_scene(seed, "test")
        simulator = Simulator(scene.things)
        carriers = carriers_of(scene.things)
        for first in range(len(scene.things)):
            for second in range(first):
                gap = simulator.gap(first, second)
                carried = carriers.get(first) == second or carriers.get(second) == first
                assert gap > (-0.004 if carried else 0.0)


def test_every_thing_is_seen_and_its_cuboid_holds_its_pixels() -> None:
    for seed in range(6):
        scene = sample_full_scene(seed, "novel")
        frame = render(scene, size=64)
        for index, (y1, x1, y2, x2) in enumerate(frame.boxes().tolist()):
            assert frame.pixel_counts()[index] > 0
            points = scene.camera.project(scene.things[index].corners()).points
            low, high = points.min(axis=0) - 0.02, points.max(axis=0) + 0.02
            assert np.all(low <= [y1, x1])
            assert np.all(high >= [y2, x2])


@pytest.mark.parametrize("count", [(0, 2), (3, 2), (1, 7)])
def test_an_impossible_count_is_refused(count: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="impossible count of things"):
        sample_full_scene(0, "test", count=count)
