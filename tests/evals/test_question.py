from dataclasses import replace

import numpy as np
import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import task
from unio.evals.page import Figure, Strip
from unio.evals.question import input_items, mark_places, plain_prompt
from unio.vocab import locations_text

SOURCE = PlayroomSource(split="test", size=32)
BOX, POINT = locations_text([0.25, 0.25, 0.75, 0.75]), locations_text([0.1, 0.9])


@pytest.mark.parametrize(
    ("name", "asked", "read"),
    [
        ("region_class", f"[Text] [S] What is in {BOX} ? <image_input>", "What is in the marked box?"),
        (
            "region_class",
            f"[Text] [S] What is in the box {BOX} ? <image_input>",
            "What is in the marked box?",
        ),
        ("region_class", f"[Text] [S] The region {BOX} holds: <image_input>", "The marked box holds:"),
        ("inpaint", f"[Image] [S] Fill the gap {BOX}. <image_input>", "Fill the gap in the marked box."),
        ("inpaint", f"[Image] [S] Put a cube in {BOX}. <image_input>", "Put a cube in the marked box."),
        (
            "normal_at",
            f"[Text] [S] Which way does {POINT} face? <image_input>",
            "Which way does the marked point face?",
        ),
        ("instruct", "[Text] [S] Say <extra_id_0> twice .", "Say twice."),
    ],
)
def test_a_prompt_is_read_without_its_pieces(name: str, asked: str, read: str) -> None:
    assert plain_prompt(task(name), replace(SOURCE.example(name, 0, 0), prompt=asked)) == read


def test_a_cameras_move_is_read_in_degrees() -> None:
    read = plain_prompt(task("view_synthesis"), SOURCE.example("view_synthesis", 0, 0))
    assert "°, azimuth " in read
    assert " m" in read


@pytest.mark.parametrize("name", ["region_class", "normal_at", "view_synthesis"])
def test_the_place_a_prompt_names_is_drawn(name: str) -> None:
    example = SOURCE.example(name, 0, 0)
    assert example.image is not None
    drawn = mark_places(example.image, task(name), example.prompt)
    assert np.array_equal(drawn, example.image) == (name == "view_synthesis")


def test_what_is_followed_is_marked_where_it_starts() -> None:
    example = SOURCE.example("track", 0, 0)
    (marked,) = input_items(task("track"), example)
    (plain,) = input_items(task("video_caption"), example)
    assert isinstance(marked, Strip)
    assert isinstance(plain, Strip)
    differ = [one.uri != other.uri for one, other in zip(marked.frames, plain.frames, strict=True)]
    assert differ == [True] + [False] * (len(differ) - 1)
    assert all(isinstance(frame, Figure) for frame in marked.frames)
