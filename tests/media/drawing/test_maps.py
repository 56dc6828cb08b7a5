import numpy as np

from unio.media import colour_depth, colour_normals, depth_range, draw_mask_overlay

NEAR, FAR, GRAY = [253, 231, 37], [68, 1, 84], [60, 60, 60]


def test_near_is_bright_and_far_is_dark():
    depth = np.array([[1.0, 3.0], [0.0, np.inf]], np.float32)
    colours = colour_depth(depth, near=1.0, far=3.0).tolist()
    assert colours == [[NEAR, FAR], [GRAY, GRAY]]


def test_range_is_the_maps_own_without_strays():
    depth = np.concatenate([np.linspace(2, 4, 998), [0.01, 900.0]]).reshape(10, 100)
    near, far = depth_range(depth)
    assert (round(near, 1), round(far, 1)) == (2.0, 4.0)
    assert depth_range(np.zeros((2, 2))) == (0.0, 1.0)
    assert colour_depth(np.full((2, 3), 1.5)).shape == (2, 3, 3)


def test_normals_are_shifted_to_colours():
    normals = np.array([[[1.0, 0, 0], [0, -1, 0], [0, 0, 1], [0, 0, 0], [np.nan, 0, 0]]])
    assert colour_normals(normals)[0].tolist() == [
        [255, 128, 128],
        [128, 0, 128],
        [128, 128, 255],
        GRAY,
        GRAY,
    ]


def test_mask_tints_inside_and_outlines():
    picture = np.full((7, 7, 3), 100, np.uint8)
    mask = np.zeros((7, 7), np.bool_)
    mask[1:6, 1:6] = True
    drawn = draw_mask_overlay(picture, mask, colour=(200, 0, 0), strength=0.5)
    assert drawn[0, 0].tolist() == [100, 100, 100]
    assert drawn[1, 3].tolist() == [200, 0, 0]
    assert drawn[3, 3].tolist() == [150, 50, 50]
    assert (picture == 100).all()
