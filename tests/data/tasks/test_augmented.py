"""The augmented families' own rules: what each property, bound, order of axes and colour means."""

import numpy as np
import pytest

from tests.data.tasks.conftest import picture
from unio.core import InputError
from unio.data.tasks import task
from unio.data.tasks.bounded_caption import keeps_bound
from unio.data.tasks.box_property import PROPERTIES
from unio.data.tasks.normal_axes import AXES
from unio.vocab import parse_locations

WIDE = picture(seed=1)
BOX = np.array([4.0, 10.0, 16.0, 30.0])
# In the square of side 40 the picture begins 10 pixels down.
NUMBERS = {
    "centre": [0.5, 0.5],
    "width": [0.5],
    "height": [0.3],
    "area": [0.15**0.5],
    "left half": [0.35, 0.25, 0.65, 0.5],
    "right half": [0.35, 0.5, 0.65, 0.75],
    "upper half": [0.35, 0.25, 0.5, 0.75],
    "lower half": [0.5, 0.25, 0.65, 0.75],
    "box as x1 y1 x2 y2": [0.25, 0.35, 0.75, 0.65],
    "box as y x height width": [0.35, 0.25, 0.3, 0.5],
    "box as centre and size": [0.5, 0.5, 0.3, 0.5],
}


def test_every_property_has_its_numbers(answers):
    assert set(NUMBERS) == set(PROPERTIES)
    for name, numbers in NUMBERS.items():
        record = {"image": WIDE, "expression": "the ball", "property": name, "box": BOX}
        made = answers("box_property", record)
        assert parse_locations(made.example.target_text) == pytest.approx(numbers, abs=0.002)
        assert made.perfect["near"] == 1.0
        assert made.score(text=made.example.target_text + " <extra_id_300>")["near"] == 0.0


@pytest.mark.parametrize(
    ("text", "bound", "is_kept"),
    [
        ("A red ball.", "at most 3 words", True),
        ("A big red ball.", "at most 3 words", False),
        ("", "at most 3 words", False),
        ("A red ball.", "with the word Ball", True),
        ("A red box.", "with the word ball", False),
        ("A red ball.", "beginning with a red", True),
        ("The red ball.", "beginning with a red", False),
        ("Anything.", "in verse", True),
    ],
)
def test_bounds(text, bound, is_kept):
    assert keeps_bound(text, bound) is is_kept


def test_a_caption_that_breaks_its_bound_scores_nothing(answers):
    record = {"image": WIDE, "caption": "a red ball", "bound": "at most 3 words"}
    made = answers("bounded_caption", record)
    assert made.score(text="a red ball")["bounded_f1"] == 1.0
    broken = made.score(text="a red ball there")
    assert broken["bounded_f1"] == 0.0
    assert broken["word_f1"] > 0.8
    assert "at most 3 words" in made.example.prompt


def test_axes_are_shown_in_the_order_asked_for(answers):
    normals = np.zeros((20, 40, 3), np.float32)
    normals[:, :20] = (0.6, 0.8, 0.0)
    x, y, z, none = 204, 230, 128, 128
    wanted = {"x, y, z": (x, y, z), "z, x, y": (z, x, y), "y, x, z": (y, x, z), "y alone": (y, y, y)}
    assert len(AXES) == 9
    for axes, colour in wanted.items():
        made = answers("normal_axes", {"image": WIDE, "normals": normals, "axes": axes})
        assert made.example.target_image[0, 0].tolist() == pytest.approx(list(colour), abs=1)
        assert made.example.target_image[0, 39].tolist() == [none] * 3
        assert made.perfect["near"] == 1.0


def test_classes_have_the_colours_that_the_prompt_tells(answers):
    first, second = np.zeros((20, 40), bool), np.zeros((20, 40), bool)
    first[:, :10], second[:, 30:] = True, True
    made = answers("segment_many", {"image": WIDE, "names": ("ball", "box"), "masks": [first, second]})
    assert "ball in red, box in green" in made.example.prompt
    assert made.example.target_image[0, 0].tolist() == [255, 0, 0]
    assert made.example.target_image[0, 39].tolist() == [0, 255, 0]
    assert made.example.target_image[0, 20].tolist() == [0, 0, 0]
    turned = np.pad(made.example.target_image[..., [1, 0, 2]], ((10, 10), (0, 0), (0, 0)))
    assert made.score(image=turned)["mean_iou"] == 0.0


def test_boxes_count_in_their_order(answers):
    record = {"image": WIDE, "expressions": ("the ball", "the box"), "boxes": [BOX, [0.0, 0.0, 4.0, 4.0]]}
    made = answers("refer_many", record)
    assert "the ball; the box" in made.example.prompt
    words = made.example.target_text.split()
    assert made.score(text=" ".join(words[:4]))["iou_50"] == 0.5
    assert made.score(text=" ".join(words[4:] + words[:4]))["iou_50"] == 0.0


def test_statements_count_once_and_in_any_order(answers):
    record = {"image": WIDE, "name": "ball", "relations": ("left of the box", "behind the cone")}
    made = answers("relations", record)
    assert made.score(text="behind the cone; Left of the box.")["relations_f1"] == 1.0
    assert made.score(text="behind the cone; behind the cone")["relations_f1"] == pytest.approx(2 / 3)


def test_a_normal_may_be_a_little_off(answers):
    made = answers("normal_at", {"image": WIDE, "point": (8.0, 20.0), "normal": (0.0, 0.8, 0.6)})
    assert made.perfect["angle"] < 0.2
    assert made.score(text="<extra_id_700> <extra_id_1199> <extra_id_700>")["angle"] == pytest.approx(
        36.9, abs=1
    )
    assert made.score(text="<extra_id_700> <extra_id_1199>") == {"within_22": 0.0, "angle": 180.0}


def test_a_text_goes_on_word_by_word(answers):
    made = answers("continue_text", {"text": "The ball", "continuation": "rolls over the floor."})
    assert made.score(text="rolls away") == {"word_f1": pytest.approx(1 / 3), "next_word": 1.0}
    assert made.score(text="")["next_word"] == 0.0


def test_users_ask_for_them_with_words_points_and_boxes():
    family = task("normal_at")
    example = family.request(image=WIDE, point="8, 20")
    assert example.prompt == family.request(image=WIDE, point=(8, 20)).prompt
    with pytest.raises(InputError, match=r"bad point: got '8'; expected two numbers y, x"):
        family.request(image=WIDE, point="8")
    with pytest.raises(InputError, match=r"the point lies outside the picture: got \[8.0, 41.0\]"):
        family.request(image=WIDE, point=(8, 41))
    classes = task("segment_many").request(image=WIDE, text="ball in red")
    assert "ball in red" in classes.prompt
    many = task("refer_many").request(image=WIDE, text="the ball; the box")
    assert "the ball; the box" in many.prompt
    asked = task("box_property").request(image=WIDE, text="the ball", property="centre")
    assert "centre" in asked.prompt
