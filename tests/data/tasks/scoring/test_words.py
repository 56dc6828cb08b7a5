import pytest

from unio.data.tasks.scoring.words import bag_f1, comma_list, named_things, plain_words, same_text


def test_plain_words():
    assert plain_words("A red-hot Ball, 3 times!") == ["a", "red-hot", "ball", "3", "times"]


def test_same_text_minds_neither_case_nor_stops():
    assert same_text("Red ball.", "red ball")
    assert not same_text("ball red", "red ball")


def test_comma_lists():
    assert comma_list("Ball, red box,, .") == ["ball", "red box"]


def test_bags_count():
    assert bag_f1(["a", "a", "b"], ["a", "b", "c"]) == pytest.approx(2 / 3)
    assert bag_f1([], []) == 1.0
    assert bag_f1(["a"], []) == 0.0


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A large red rubber ball and a blue box.", [("red", "ball"), ("blue", "box")]),
        ("There are two red balls, three blue boxes.", [("red", "ball")] * 2 + [("blue", "box")] * 3),
        ("A red ball and a blue box. The red ball is behind the box.", [("red", "ball"), ("blue", "box")]),
        ("A ball.", []),
        ("Two things: a red ball and a ball.", [("red", "ball")]),
        ("Red ball", [("red", "ball")]),
    ],
)
def test_named_things(text, things):
    assert named_things(text, adjectives=("red", "blue"), nouns=("ball", "box")) == things
