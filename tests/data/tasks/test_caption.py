import pytest

RECORD = {
    "caption": "A red ball and two blue boxes.",
    "things": [("blue", "box"), ("red", "ball"), ("blue", "box")],
    "adjectives": ("red", "blue"),
    "nouns": ("ball", "box"),
}


@pytest.mark.parametrize(
    ("text", "things_f1"),
    [
        ("Two blue boxes and a red ball", 1.0),
        ("A blue box and a red ball", 0.8),
        ("A red box", 0.0),
        ("", 0.0),
    ],
)
def test_things_are_compared_not_words(wide, answers, text, things_f1):
    made = answers("caption", {"image": wide, **RECORD})
    assert made.perfect == {"things_f1": 1.0, "word_f1": 1.0}
    assert made.score(text=text)["things_f1"] == pytest.approx(things_f1)


def test_without_a_list_of_things_all_words_stand_for_them(answers, wide):
    found = answers("caption", {"image": wide, "caption": "A dog runs."})
    assert found.perfect == {"things_f1": 1.0, "word_f1": 1.0}
    assert found.score(text="a cat runs")["things_f1"] == 2 / 3
