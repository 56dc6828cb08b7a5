import numpy as np

from unio.playroom.rays import cast
from unio.playroom.simulator import Simulator
from unio.playroom.things import Shape, Thing


def hits_of(shape: Shape, origin: tuple[float, float, float], aim: tuple[float, float, float]):
    thing = Thing(shape=shape, colour="red", material="wood", size="large", position=(0, 0, 0.2))
    direction = np.array([aim]) - np.array(origin)
    return thing, cast(Simulator([thing]), np.array(origin), direction)


def test_a_ring_is_round_where_its_pieces_are_straight() -> None:
    angle = 0.1
    x, y = np.cos(angle), np.sin(angle)
    thing, hits = hits_of("ring", (x, y, 0.2), (0.0, 0.0, 0.2))
    assert hits.ids.tolist() == [0]
    np.testing.assert_allclose(hits.normals[0], [x, y, 0], atol=0.02)
    np.testing.assert_allclose(1 - hits.distance[0], thing.half_extents[0], atol=0.003)


def test_a_bowl_leans_outward_and_is_seen_from_inside() -> None:
    _, outside = hits_of("bowl", (1.0, 0.1, 0.2), (0.0, 0.0, 0.2))
    assert outside.normals[0, 0] > 0.5
    assert outside.normals[0, 2] < 0
    _, inside = hits_of("bowl", (-0.3, 0.0, 0.4), (0.115, 0.0, 0.2))
    assert inside.normals[0, 0] < -0.5
    assert inside.normals[0, 2] > 0
