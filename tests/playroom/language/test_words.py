import pytest

from unio.playroom.language.words import counted, joined, plural, sentence, with_article


def test_articles_follow_the_sound():
    assert with_article("orange ball") == "an orange ball"
    assert with_article("red ball") == "a red ball"


def test_plurals():
    assert [plural(name) for name in ("red ball", "box", "glass")] == ["red balls", "boxes", "glasses"]


@pytest.mark.parametrize(("count", "text"), [(0, "no boxes"), (1, "a box"), (3, "three boxes")])
def test_counted(count, text):
    assert counted("box", count) == text


def test_lists_end_with_and():
    assert joined(["a ball"]) == "a ball"
    assert joined(["a ball", "a box", "a cone"]) == "a ball, a box and a cone"


def test_sentences_begin_large_and_end():
    assert sentence("a red ball") == "A red ball."
