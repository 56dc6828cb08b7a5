import itertools

import numpy as np
import pytest

from unio.core import InputError
from unio.playroom.things import COLOURS, MATERIALS, SHAPES, Thing, is_novel

BOX = Thing(shape="box", colour="red", material="wood", size="large", position=(1.0, 2.0, 3.0))


def test_name_says_size_colour_material_shape() -> None:
    assert BOX.name == "large red wood box"


def test_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="unknown colour: got 'pink'; expected one of red, orange"):
        Thing(shape="box", colour="pink", material="wood", size="large", position=(0, 0, 0))  # type: ignore


def test_corners_are_the_turned_box() -> None:
    half = BOX.half_extents[0]
    corners = BOX.corners()
    np.testing.assert_allclose(corners[0], (1 - half, 2 - half, 3 - half))
    np.testing.assert_allclose(corners[4], (1 + half, 2 - half, 3 - half))
    quarter = np.sqrt(0.5)
    turned = BOX.moved((0, 0, 0), (quarter, 0, 0, quarter)).corners()  # 90 degrees about z: x goes to y
    np.testing.assert_allclose(turned[4], (half, half, -half), atol=1e-12)


def test_one_combination_in_eight_is_novel_and_no_pair_of_words_is_always() -> None:
    novel = {key for key in itertools.product(COLOURS, SHAPES, MATERIALS) if is_novel(*key)}
    assert len(novel) == len(COLOURS) * len(SHAPES) * len(MATERIALS) // 8
    for first, second in itertools.combinations(range(3), 2):
        pairs = {(key[first], key[second]) for key in itertools.product(COLOURS, SHAPES, MATERIALS)}
        known = {
            (key[first], key[second])
            for key in itertools.product(COLOURS, SHAPES, MATERIALS)
            if key not in novel
        }
        assert known == pairs
