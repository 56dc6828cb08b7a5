import numpy as np
import pytest

from unio.playroom import is_novel
from unio.playroom.language import EDIT_KINDS, edit_instruction
from unio.playroom.language.instructions import _PHRASES
from unio.playroom.language.naming import unique_names


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_the_named_thing_changes_as_told_and_nothing_else(told, reader, kind):
    rng = np.random.default_rng(0)
    made = 0
    for one in told:
        for _ in range(3):
            instruction = edit_instruction(one.scene, one.sight, rng, kind=kind)
            if instruction is None:
                continue
            made += 1
            named = [reader.attributes(phrase) for phrase in reader.noun_phrases(instruction.text)]
            assert any(one.matching(name) == [instruction.index] for name in named), instruction.text
            others = [t for i, t in enumerate(one.scene.things) if i != instruction.index]
            kept = list(instruction.result.things)
            if kind != "remove":
                changed = kept.pop(instruction.index)
                assert getattr(changed, kind) == instruction.value
                assert instruction.value in instruction.text
                assert getattr(one.scene.things[instruction.index], kind) != instruction.value
            assert kept == others
    assert made > 20


def test_the_name_in_an_instruction_is_unique(told, reader):
    rng = np.random.default_rng(1)
    named = 0
    for one in told:
        instruction = edit_instruction(one.scene, one.sight, rng, kind="remove")
        if instruction is None:  # as where all in view are twins, whom no name tells apart
            assert not any(unique_names(one.sight, seen) for seen in one.sight.seen)
            continue
        assert one.only(reader.noun_phrases(instruction.text)[0]) == instruction.index
        named += 1
    assert named > 0.9 * len(told)


def test_held_out_combinations_are_never_made_in_train_and_test(told):
    rng = np.random.default_rng(2)
    for one in told[:20]:
        for _ in range(10):
            instruction = edit_instruction(one.scene, one.sight, rng)
            if instruction is not None:
                assert not any(is_novel(t.colour, t.shape, t.material) for t in instruction.result.things)


def test_every_kind_has_eight_phrasings():
    assert all(len(set(phrasings)) >= 8 for phrasings in _PHRASES.values())


def test_a_thing_grows_only_where_it_has_room(told):
    rng = np.random.default_rng(3)
    for one in told:
        instruction = edit_instruction(one.scene, one.sight, rng, kind="size")
        if instruction is not None and instruction.value == "large":
            grown = instruction.result.things[instruction.index]
            gaps = [
                np.hypot(*np.subtract(grown.position[:2], other.position[:2]))
                for i, other in enumerate(instruction.result.things)
                if i != instruction.index
            ]
            assert min(gaps, default=1.0) > grown.half_extents[0]
