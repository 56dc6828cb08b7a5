import math

import numpy as np

from unio.playroom.rotations import multiply, quaternion_matrix, turn


def test_turn_carries_x_to_y_about_z() -> None:
    matrix = quaternion_matrix(turn((0, 0, 1), math.pi / 2))
    np.testing.assert_allclose(matrix @ (1, 0, 0), (0, 1, 0), atol=1e-12)


def test_product_does_the_second_turn_first() -> None:
    first, second = turn((0, 0, 1), math.pi / 2), turn((1, 0, 0), math.pi / 2)
    both = quaternion_matrix(multiply(first, second))
    np.testing.assert_allclose(both, quaternion_matrix(first) @ quaternion_matrix(second), atol=1e-12)
    np.testing.assert_allclose(both @ (0, 1, 0), (0, 0, 1), atol=1e-12)
