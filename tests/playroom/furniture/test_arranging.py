import numpy as np
import pytest
from playroom.furniture.boxes import box_model

from unio.core import InputError, random_stream
from unio.playroom.furniture import arranging, draw_room
from unio.playroom.furniture.arranging import GAP, LEAST_SHARE, LONGEST

MODELS = [
    box_model("chair", (0.45, 0.5, 0.9)),
    box_model("table", (1.6, 0.9, 0.75)),
    box_model("cup", (0.08, 0.08, 0.1)),
    box_model("wardrobe", (1.2, 0.6, 2.0)),
    box_model("stool", (0.4, 0.4, 0.5)),
]


def rooms(count: int):
    return [draw_room(random_stream(number, "test"), MODELS) for number in range(count)]


def test_a_room_is_a_pure_function_of_its_stream():
    first, again = (draw_room(random_stream(4, "test"), MODELS) for _ in range(2))
    assert first.camera == again.camera
    assert [piece.position for piece in first.pieces] == [piece.position for piece in again.pieces]


def test_pieces_of_a_room_share_one_scale_and_compare_in_size():
    drawn = rooms(60)
    assert {len(room.pieces) for room in drawn} == {1, 2, 3}
    for room in drawn:
        sides = [max(piece.model.size) for piece in room.pieces]
        assert {piece.scale for piece in room.pieces} == {room.scale}
        assert min(sides) >= LEAST_SHARE * max(sides)
        low, high = LONGEST[len(room.pieces)]
        assert low <= room.scale * max(sides) <= high
        assert len({piece.model.name for piece in room.pieces}) == len(room.pieces)


def test_pieces_stand_on_the_floor_apart_and_in_the_picture():
    for room in rooms(60):
        for piece in room.pieces:
            corners = piece.corners()
            assert corners[:, 2].min() == pytest.approx(0)
            assert room.camera.project(corners).inside.all()
        for first, second in ((a, b) for a in room.pieces for b in room.pieces if a is not b):
            assert separation(first, second) >= GAP - 1e-9


def separation(first, second) -> float:
    """The widest gap that a straight line along a side of either box leaves, in metres."""
    axes = [piece.rotation_matrix[:2, column] for piece in (first, second) for column in (0, 1)]
    gaps = []
    for axis in axes:
        one, other = first.corners()[:, :2] @ axis, second.corners()[:, :2] @ axis
        gaps.append(max(one.min() - other.max(), other.min() - one.max()))
    return max(gaps)


def test_fronts_are_turned_to_the_camera():
    for room in rooms(40):
        for piece in room.pieces:
            front = -piece.rotation_matrix[:2, 1]
            towards = room.camera.rotation[:2, 2] / np.linalg.norm(room.camera.rotation[:2, 2])
            assert front @ towards >= np.cos(np.radians(65)) - 1e-9


def test_nothing_to_choose_from_is_told(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(InputError, match="no furniture to put into a room"):
        draw_room(random_stream(0), [])
    monkeypatch.setattr(arranging, "LEAST_AREA", 1.0)
    with pytest.raises(InputError, match="no room could be furnished: got 5 models"):
        draw_room(random_stream(0), MODELS)
