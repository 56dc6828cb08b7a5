import pytest

from unio.data.tasks import task


def test_the_whole_list_must_be_right(answers):
    made = answers("sort", {"items": "7 3 12", "order": "ascending", "sorted": "3 7 12"})
    assert "ascending" in made.example.prompt
    assert made.perfect == {"accuracy": 1.0, "in_place": 1.0}
    assert made.score(text="3 12 7") == pytest.approx({"accuracy": 0.0, "in_place": 1 / 3})
    assert made.score(text="3 7 12 12") == pytest.approx({"accuracy": 0.0, "in_place": 3 / 4})


def test_a_request_sorts_upwards_unless_told_otherwise():
    assert task("sort").request(text="b a").prompt == "[Text] [S] Sort in ascending order: b a"
    assert "descending" in task("sort").request(text="b a", order="descending").prompt
