import numpy as np

from unio.playroom import Camera, Frame, Light, Scene, Thing
from unio.playroom.language.sight import OPPOSITE, RELATIONS, Seen, Sight, holds


def thing(shape="ball", colour="red", place=(0.0, 0.0)):
    return Thing(shape=shape, colour=colour, material="wood", size="small", position=(*place, 0.05))


def seen(across, near):
    return Seen(index=0, thing=thing(), across=across, down=0.5, near=near)


def test_relations_need_a_margin():
    here = seen(0.5, 0.0)
    assert holds(seen(0.3, 0.0), "left of", here) is True
    assert holds(seen(0.7, 0.0), "left of", here) is False
    assert holds(seen(0.48, 0.0), "left of", here) is None
    assert holds(seen(0.5, 0.2), "in front of", here) is True
    assert holds(seen(0.5, 0.2), "behind", here) is False


def test_a_relation_and_its_opposite_disagree():
    one, other = seen(0.2, 0.3), seen(0.6, -0.1)
    for relation in RELATIONS:
        assert holds(one, relation, other) is not holds(one, OPPOSITE[relation], other)
        assert holds(one, relation, other) is holds(other, OPPOSITE[relation], one)


def test_things_are_told_from_left_to_right_and_slivers_are_not_seen():
    # The camera stands on +x and looks along -x, so that +y is to the right.
    scene = Scene(
        seed=0,
        split="test",
        things=(thing(place=(0.1, 0.2)), thing("box", place=(0.0, -0.2)), thing("cone")),
        camera=Camera(azimuth=0.0, elevation=30.0, distance=1.2),
        light=Light(azimuth=0.0, elevation=50.0),
    )
    ids = np.full((40, 40), -1, np.int32)
    ids[10:14, 30:34], ids[10:14, 5:9], ids[20, 20] = 0, 1, 2
    blank = np.zeros((40, 40, 3))
    frame = Frame(
        rgb=blank.astype(np.uint8),
        depth=blank[..., 0].astype(np.float32),
        normals=blank.astype(np.float32),
        ids=ids,
        count=3,
    )
    sight = Sight.of(scene, frame)
    assert [one.index for one in sight.seen] == [1, 0]
    assert sight.seen[1].near > sight.seen[0].near
    assert [one.index for one in sight.matching({"shape": "box"})] == [1]


def test_left_to_right_is_that_of_the_pixels(told):
    for one in told:
        middles = [np.flatnonzero((one.frame.ids == s.index).any(axis=0)).mean() for s in one.sight.seen]
        across = [s.across * 128 for s in one.sight.seen]
        assert np.abs(np.subtract(middles, across)).max() < 6
