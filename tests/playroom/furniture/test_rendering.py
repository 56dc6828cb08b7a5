import numpy as np
import pytest
from playroom.furniture.boxes import box_model

from unio.core import InputError
from unio.playroom import Camera, Floor, Light
from unio.playroom.furniture import Mesh, Model, Piece, Room, render_room

CAMERA = Camera(azimuth=270, elevation=30, distance=1.1)  # at -y, where fronts look


def room_of(*pieces: Piece, camera: Camera = CAMERA) -> Room:
    return Room(
        pieces=pieces, scale=0.4, camera=camera, light=Light(azimuth=300, elevation=60), floor=Floor()
    )


def chair(angle: float = 0.0) -> Piece:
    return Piece(model=box_model(), scale=0.4, position=(0, 0, 0.18), angle=angle)


@pytest.mark.parametrize("angle", [0.0, 0.6])
def test_what_is_seen_is_where_the_corners_say(angle: float):
    piece = chair(angle)
    frame = render_room(room_of(piece), size=128)
    points = CAMERA.project(piece.corners())
    expected = np.concatenate([points.points.min(axis=0), points.points.max(axis=0)])
    np.testing.assert_allclose(frame.boxes()[0], expected, atol=1.2 / 128)
    depth = frame.depth[frame.ids == 0]
    assert points.depth.min() - 1e-6 <= depth.min()
    assert depth.max() <= points.depth.max() + 1e-6


def test_depth_and_normals_of_the_front_are_exact():
    frame = render_room(room_of(chair()), size=64)
    front = (frame.ids == 0) & (np.abs(frame.normals[..., 0]) < 1e-6) & (frame.normals[..., 1] < 0.1)
    assert front.sum() > 100
    world = CAMERA.rotation @ frame.normals[front].mean(axis=0)
    np.testing.assert_allclose(world, [0, -1, 0], atol=1e-5)
    rays = CAMERA.rays(np.argwhere(front) / 64 + 0.5 / 64)
    places = CAMERA.position + rays * frame.depth[front][:, None]
    np.testing.assert_allclose(places[:, 1], -0.1, atol=1e-5)  # half of 0.5 m of depth, at 0.4


def test_every_normal_faces_the_camera_though_the_mesh_does_not():
    frame = render_room(room_of(chair(0.4)), size=64)
    rows = np.argwhere(frame.ids >= 0)
    rays = CAMERA.rays(rows / 64 + 0.5 / 64) @ CAMERA.rotation
    assert (np.sum(frame.normals[frame.ids >= 0] * rays, axis=1) < 0).all()


def test_the_front_is_grey_the_sides_are_red_and_there_is_a_shadow():
    frame = render_room(room_of(chair()), size=64)
    red, green, blue = frame.rgb.astype(int).transpose(2, 0, 1)
    rows, columns = np.nonzero(frame.ids == 0)
    low = rows > rows.max() - 10  # the front; the top lies above it in the picture
    front = np.abs(red - blue)[rows[low], columns[low]]
    top = (red - blue)[rows[rows < rows.min() + 3], columns[rows < rows.min() + 3]]
    assert np.median(front) < 15
    assert np.median(top) > 60
    floor = frame.ids == -1
    assert green[floor].min() < 0.75 * np.median(green[floor])


def test_flat_and_tiny_parts_are_drawn():
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32) / 2
    sheet = Mesh(
        vertices=corners,
        faces=np.array([[0, 1, 2], [0, 2, 3]], np.int32),
        parts=np.array([0, 1], np.uint8),
        colours=np.array([[255, 0, 0], [0, 0, 255]], np.uint8),
    )
    whole = Mesh(vertices=corners, faces=sheet.faces, parts=np.zeros(2, np.uint8), colours=sheet.colours[:1])
    for mesh in (sheet, whole):
        model = Model(name="sheet", category="misc", size=(1, 1, 0.01), load=lambda mesh=mesh: mesh)
        piece = Piece(model=model, scale=0.4, position=(0, 0, 0.1), angle=0.3)
        frame = render_room(room_of(piece), size=64)
        assert (frame.ids == 0).sum() > 300


def test_it_is_a_pure_function_and_another_camera_sees_the_same_pieces():
    room = room_of(chair(), Piece(model=box_model("bed"), scale=0.2, position=(0.25, 0, 0.09), angle=1.0))
    first, again = render_room(room, size=48), render_room(room, size=48)
    assert np.array_equal(first.rgb, again.rgb)
    assert first.visible().tolist() == [0, 1]
    moved = render_room(room, size=48, camera=Camera(azimuth=330, elevation=40, distance=1.2))
    assert moved.visible().tolist() == [0, 1]
    assert not np.array_equal(moved.rgb, first.rgb)


def test_no_pixels_is_told():
    with pytest.raises(InputError, match="a picture needs at least one pixel"):
        render_room(room_of(chair()), size=0)
