"""What is said of scenes in which things stand on each other or in a bowl."""

import numpy as np
import pytest

from unio.playroom import carriers_of, render, sample_full_scene
from unio.playroom.language import Sight, caption, edit_instruction, question

RNG_SEEDS = range(12)


def stacked_sights() -> list[tuple[object, Sight]]:
    found = []
    for seed in range(60):
        scene = sample_full_scene(seed, "test", count=(2, 3))
        if carriers_of(scene.things):
            sight = Sight.of(scene, render(scene, size=48))
            if not sight.is_flat:
                found.append((scene, sight))
        if len(found) == 4:
            break
    return found


SIGHTS = stacked_sights()


@pytest.mark.parametrize("case", range(4))
def test_a_caption_says_what_is_on_or_in_what_and_puts_nothing_on_the_floor(case: int) -> None:
    _, sight = SIGHTS[case]
    for seed in RNG_SEEDS:
        text = caption(sight, np.random.default_rng(seed))
        assert "floor" not in text
        for index, carrier in sight.carriers.items():
            top, base = sight.by_index(index), sight.by_index(carrier)
            assert top is not None
            assert base is not None
            where = "in" if base.thing.shape == "bowl" else "on"
            before, _, after = text.partition(f" {top.thing.shape} {where} a")
            assert top.thing.colour in before
            assert base.thing.shape in after


@pytest.mark.parametrize("case", range(4))
def test_a_question_about_carrying_is_answered_by_the_other_thing(case: int) -> None:
    _, sight = SIGHTS[case]
    for seed in RNG_SEEDS:
        asked = question(sight, np.random.default_rng(seed), kind="carrying")
        if asked is None:
            continue
        shapes = {
            one.thing.shape
            for index in (*sight.carriers, *sight.carriers.values())
            if (one := sight.by_index(index)) is not None
        }
        assert asked.answer in shapes


@pytest.mark.parametrize("case", range(4))
def test_no_edit_leaves_a_thing_hanging_in_the_air(case: int) -> None:
    scene, sight = SIGHTS[case]
    for seed in RNG_SEEDS:
        edit = edit_instruction(scene, sight, np.random.default_rng(seed))  # type: ignore[arg-type]
        if edit is not None and edit.kind in ("remove", "shape", "size"):
            assert edit.index not in sight.carriers.values()
