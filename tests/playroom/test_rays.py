import numpy as np

from unio.playroom.rays import cast
from unio.playroom.simulator import Simulator
from unio.playroom.things import SIZES, Thing

BALL = Thing(shape="ball", colour="red", material="wood", size="large", position=(0, 0, 0.5))


def test_distance_counts_lengths_of_the_ray() -> None:
    directions = np.array([[0, 0, -1.0], [0, 0, -2.0], [0, 0, 1.0], [1.0, 0, -1.0]])
    hits = cast(Simulator([BALL]), np.array([0, 0, 1.0]), directions)
    assert hits.ids.tolist() == [0, 0, -2, -1]
    near = 0.5 - SIZES["large"]
    np.testing.assert_allclose(hits.distance, [near, near / 2, 0, 1], atol=1e-9)
    np.testing.assert_allclose(hits.normals, [[0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 1]], atol=1e-9)


def test_floor_can_be_left_out() -> None:
    down = np.array([[1.0, 0, -1.0]])
    hits = cast(Simulator([BALL]), np.array([0, 0, 1.0]), down, with_floor=False, with_normals=False)
    assert hits.ids.tolist() == [-2]
    assert hits.normals.shape == (0, 3)


def test_no_rays_no_hits() -> None:
    assert len(cast(Simulator([BALL]), np.zeros(3), np.zeros((0, 3))).ids) == 0
