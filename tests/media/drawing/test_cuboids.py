import numpy as np

from unio.media import colour_flow, draw_cuboids

PICTURE = np.full((60, 80, 3), 120, np.uint8)
CORNERS = np.array([[10 + 30 * (i >> 1 & 1), 10 + 40 * (i & 1)] for i in range(8)], float)


def test_edges_are_drawn_between_neighbouring_corners():
    drawn = draw_cuboids(PICTURE, CORNERS[None])
    scale = drawn.shape[0] // 60
    changed = (drawn != 120).any(axis=2)
    assert changed[10 * scale, 30 * scale]
    assert changed[25 * scale, 10 * scale]
    assert not changed[25 * scale, 30 * scale]


def test_corners_behind_the_camera_do_no_harm():
    far = CORNERS * 1e9
    assert draw_cuboids(PICTURE, far[None]).shape[2] == 3
    assert (draw_cuboids(PICTURE, np.zeros((0, 8, 2))) == 120).all()


def test_flow_is_white_where_nothing_moves_and_tells_directions_apart():
    flow = np.zeros((10, 10, 2), np.float32)
    flow[:5, :, 1], flow[5:8, :, 0] = 3.0, 3.0
    colours = colour_flow(flow)
    assert (colours[9, 0] == 255).all()
    assert (colours[0, 0] != colours[6, 0]).any()
