import pytest


def test_tags_are_a_set(wide, answers):
    made = answers("tag", {"image": wide, "tags": ("ball", "red", "wood")})
    assert made.example.target_text == "ball, red, wood"
    assert made.perfect == {"tag_f1": 1.0}
    assert made.score(text="wood, ball, red, ball") == {"tag_f1": 1.0}
    assert made.score(text="ball, blue")["tag_f1"] == pytest.approx(0.4)
    assert made.parse(text="wood, ball, wood").labels == ("wood", "ball")
