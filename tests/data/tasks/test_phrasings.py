import numpy as np
import pytest

from unio.core import ConfigError
from unio.data.tasks import TASKS
from unio.data.tasks.phrasings import Phrasing, load_phrasings, prompt_file


def write(folder, texts):
    path = folder / "family.yaml"
    lines = [f'  - {{tags: [short], text: "{text}"}}' for text in texts]
    path.write_text("phrasings:\n" + "\n".join(lines))
    return path


EIGHT = [f"{number}: {{question}}" for number in range(8)]


@pytest.mark.parametrize("family", list(TASKS), ids=TASKS.names())
def test_every_family_has_eight_phrasings_whose_places_are_its_fields(family):
    assert len(family.phrasings.phrasings) >= 8
    assert {tag for phrasing in family.phrasings.phrasings for tag in phrasing.tags} >= {"short", "polite"}
    for phrasing in family.phrasings.phrasings:
        assert set(phrasing.places) <= set(family.fields)


def test_no_prompt_file_is_left_over():
    assert {path.stem for path in prompt_file("vqa").parent.glob("*.yaml")} == set(TASKS.names())


def test_places_are_filled():
    phrasing = Phrasing(text="Is {a} left of {b}?", tags=("question",))
    assert phrasing.places == ("a", "b")
    assert phrasing.fill({"a": "x", "b": "{y}"}) == "Is x left of {y}?"


def test_what_was_filled_in_is_read_again():
    phrasing = Phrasing(text="Is {a} (or {b}) left of {a}?", tags=("question",))
    assert phrasing.wording == "Is  (or ) left of ?"
    given = {"a": "the ball?", "b": "a\nbox"}
    assert phrasing.read(phrasing.fill(given)) == given
    assert phrasing.read("Is x (or y) left of z?") is None
    assert phrasing.read("Is x left of x?") is None


@pytest.mark.parametrize("name", ["speak", "image_from_text", "audio_from_text"])
def test_every_way_to_ask_is_told_from_the_others(name):
    phrasings = TASKS.get(name).phrasings
    (place,) = TASKS.get(name).fields
    for one in phrasings.phrasings:
        assert phrasings.read(one.fill({place: "the ball, and a box"})) == {place: "the ball, and a box"}


def test_another_way_to_ask_is_not_read():
    assert TASKS.get("speak").phrasings.read("Sing: la") == {}


def test_draw_reaches_every_phrasing(tmp_path):
    loaded = load_phrasings(write(tmp_path, EIGHT), ("question",))
    rng = np.random.default_rng(0)
    assert {loaded.draw(rng).text for _ in range(100)} == set(EIGHT)


def test_an_unknown_place_is_refused(tmp_path):
    path = write(tmp_path, [*EIGHT, "Tell me {qestion}"])
    with pytest.raises(ConfigError, match=r"unknown place.*\{qestion\}.*expected \{question\}"):
        load_phrasings(path, ("question",))


def test_seven_are_too_few(tmp_path):
    with pytest.raises(ConfigError, match="bad value at 'phrasings'"):
        load_phrasings(write(tmp_path, EIGHT[:7]), ("question",))


def test_the_first_phrasing_must_hold_all_that_a_user_gives(tmp_path):
    with pytest.raises(ConfigError, match="first phrasing leaves out"):
        load_phrasings(write(tmp_path, ["What is this?", *EIGHT]), ("question",))


def test_doubles_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="stands there twice"):
        load_phrasings(write(tmp_path, [*EIGHT, EIGHT[3]]), ("question",))
