import numpy as np

from unio.playroom import Thing
from unio.playroom.language.naming import noun_phrase, short_name, unique_names
from unio.playroom.language.sight import Seen, Sight


def sight(*kinds):
    things = [
        Thing(size=size, colour=colour, material=material, shape=shape, position=(0, 0, 0))
        for size, colour, material, shape in kinds
    ]
    return Sight(
        seen=tuple(Seen(index=i, thing=t, across=0.1 * i, down=0.5, near=0.0) for i, t in enumerate(things))
    )


def test_words_come_in_their_usual_order():
    assert noun_phrase({"shape": "ball", "colour": "red", "size": "large"}) == "large red ball"
    assert noun_phrase({"material": "wood"}) == "wood thing"


def test_unique_names_mean_one_thing():
    two = sight(("large", "red", "wood", "ball"), ("large", "red", "metal", "box"))
    assert unique_names(two, two.seen[0])[:2] == ["wood thing", "ball"]
    assert "red thing" not in unique_names(two, two.seen[0])


def test_a_name_may_keep_an_attribute_to_itself():
    two = sight(("large", "red", "wood", "ball"), ("large", "red", "metal", "box"))
    assert all("ball" not in name for name in unique_names(two, two.seen[0], without="shape"))


def test_twins_have_no_name():
    twins = sight(("small", "blue", "glass", "cone"), ("small", "blue", "glass", "cone"))
    assert unique_names(twins, twins.seen[0]) == []
    assert short_name(twins, twins.seen[0], np.random.default_rng(0)) is None


def test_the_usual_name_comes_often():
    two = sight(("large", "red", "wood", "ball"), ("small", "blue", "metal", "box"))
    rng = np.random.default_rng(0)
    names = [short_name(two, two.seen[0], rng) for _ in range(1000)]
    assert 460 < names.count("red ball") < 640
    assert len(set(names)) > 8
