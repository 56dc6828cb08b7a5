import numpy as np

from unio.playroom.camera import Camera

CAMERA = Camera(azimuth=30.0, elevation=40.0, distance=2.0, target=(0.1, -0.2, 0.0), field_of_view=90.0)


def test_target_is_in_the_middle_at_its_distance() -> None:
    seen = CAMERA.project(np.array([CAMERA.target]))
    np.testing.assert_allclose(seen.points, [[0.5, 0.5]], atol=1e-12)
    np.testing.assert_allclose(seen.depth, [2.0])


def test_edge_of_the_field_of_view_is_the_edge_of_the_picture() -> None:
    right, up = CAMERA.rotation[:, 0], CAMERA.rotation[:, 1]
    target = np.array(CAMERA.target)
    points = np.stack([target + 2 * right, target + 2 * up, target + 2.1 * up])
    seen = CAMERA.project(points)
    np.testing.assert_allclose(seen.points[:2], [[0.5, 1.0], [0.0, 0.5]], atol=1e-12)
    assert seen.inside.tolist()[2] is False


def test_point_behind_the_camera_is_not_inside() -> None:
    behind = CAMERA.position + CAMERA.rotation[:, 2]
    assert not CAMERA.project(behind[None]).inside.any()


def test_rotation_is_right_handed_and_level() -> None:
    np.testing.assert_allclose(np.linalg.det(CAMERA.rotation), 1)
    assert CAMERA.rotation[2, 0] == 0
    assert CAMERA.rotation[2, 1] > 0


def test_floor_points_come_back() -> None:
    floor = np.array([[0.1, 0.2, 0.0], [-0.3, 0.0, 0.0], [0.0, 0.4, 0.0]])
    np.testing.assert_allclose(CAMERA.unproject_to_floor(CAMERA.project(floor).points), floor, atol=1e-12)


def test_sky_has_no_floor_point() -> None:
    low = Camera(azimuth=0.0, elevation=5.0, distance=1.0)
    assert np.isnan(low.unproject_to_floor(np.array([[0.0, 0.5]]))).all()
