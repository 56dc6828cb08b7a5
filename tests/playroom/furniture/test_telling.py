import pytest
from playroom.furniture.boxes import box_model

from unio.core import random_stream
from unio.playroom import Camera
from unio.playroom.furniture import Piece
from unio.playroom.furniture.telling import expression, indefinite, room_caption, seen_pieces

CAMERA = Camera(azimuth=270, elevation=35, distance=1.1)  # x is to the right, -y is near
SIZES = {"chair": (0.5, 0.5, 0.9), "table": (1.6, 0.9, 0.7), "slippers": (0.3, 0.3, 0.1)}


def seen_of(*standing: tuple[str, float, float]):
    pieces = [
        Piece(model=box_model(name, SIZES[name]), scale=0.2, position=(x, y, 0.05), angle=0)
        for name, x, y in standing
    ]
    return seen_pieces(pieces, CAMERA)


def all_of(say):
    return {say(random_stream(number, "telling")) for number in range(80)}


@pytest.mark.parametrize(
    ("name", "before", "said"),
    [
        ("chair", 0, "a chair"),
        ("armchair", 0, "an armchair"),
        ("chair", 1, "another chair"),
        ("slippers", 0, "some slippers"),
        ("slippers", 1, "more slippers"),
        ("glass", 0, "a glass"),
        ("cactus", 0, "a cactus"),
    ],
)
def test_articles(name, before, said):
    assert indefinite(name, before) == said


def test_a_caption_names_all_from_left_to_right_and_compares_truly():
    seen = seen_of(("table", 0.2, 0.1), ("chair", -0.2, -0.1))
    captions = all_of(lambda rng: room_caption(seen, rng))
    assert all("chair and a table" in caption for caption in captions)
    seconds = {caption.split(". ")[1] for caption in captions if ". " in caption}
    assert seconds == {
        "The chair is left of the table.",
        "The table is right of the chair.",
        "The chair is in front of the table.",
        "The table is behind the chair.",
        "The chair is taller than the table.",
    }


def test_things_of_one_name_are_counted_and_never_compared():
    seen = seen_of(("chair", 0.2, 0), ("chair", -0.2, 0))
    captions = all_of(lambda rng: room_caption(seen, rng))
    assert all("chair and another chair" in caption for caption in captions)
    assert not any(". " in caption for caption in captions)


def test_expressions_mean_one_piece_alone():
    seen = seen_of(("chair", -0.2, 0), ("chair", 0.2, 0), ("table", 0.0, 0.25))
    left, right = seen[0], seen[2]
    said = all_of(lambda rng: expression(seen, left, rng))
    assert said <= {"the chair on the left", "the chair left of the table"}
    assert "the chair on the left" in said
    assert all_of(lambda rng: expression(seen, right, rng)) <= {
        "the chair on the right",
        "the chair right of the table",
    }
    table = all_of(lambda rng: expression(seen, seen[1], rng))
    assert {"the table", "the largest piece", "the table behind the chair"} & table == {
        "the table",
        "the largest piece",
    }


def test_what_cannot_be_told_apart_has_no_expression():
    seen = seen_of(("chair", 0.01, 0.0), ("chair", -0.01, 0.0))
    assert all_of(lambda rng: expression(seen, seen[0], rng)) == {None}


def test_a_single_piece_is_named():
    seen = seen_of(("slippers", 0.0, 0.0))
    assert all_of(lambda rng: expression(seen, seen[0], rng)) == {"the slippers"}
    assert any(room_caption(seen, random_stream(n)) == "Some slippers on the floor." for n in range(40))
