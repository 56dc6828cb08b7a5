from unio.playroom.resting import rest
from unio.playroom.stacking import carriers_of, lowest_point
from unio.playroom.things import Shape, Size, Thing


def thing(shape: Shape, size: Size) -> Thing:
    return Thing(shape=shape, colour="red", material="wood", size=size, position=(0, 0, 0))


BOX = rest(thing("box", "large"), (0.1, 0.0), 0.3)
BOWL = rest(thing("bowl", "large"), (-0.2, 0.0), 0.0)


def test_a_ring_on_a_box_is_carried_by_it() -> None:
    ring = rest(thing("ring", "small"), (0.1, 0.0), 0.0, height=2 * BOX.half_extents[2])
    assert carriers_of((ring, BOWL, BOX)) == {0: 2}
    assert lowest_point(ring) == 2 * BOX.half_extents[2]


def test_a_ball_in_a_bowl_is_carried_by_it() -> None:
    ball = rest(thing("ball", "small"), (-0.2, 0.0), 0.0, height=0.01)
    assert carriers_of((BOX, BOWL, ball)) == {2: 1}


def test_things_on_the_floor_and_in_the_air_are_carried_by_nothing() -> None:
    floating = rest(thing("cone", "small"), (0.1, 0.0), 0.0, height=0.4)
    assert carriers_of((BOX, BOWL, floating)) == {}
