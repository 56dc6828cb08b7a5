import pytest

from unio.core import InputError
from unio.data.sources.row_values import find_value

ROW = {
    "id": "7",
    "a.b": "whole",
    "qas": [{"q": {"text": "who"}, "tags": ["x", "y"]}, {"q": {"text": "what"}, "tags": ["z"]}],
    "choices": ["no", "yes"],
    "right": 1,
    "names": {"1": "one"},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "7"),
        ("a.b", "whole"),
        ("qas.1.q.text", "what"),
        ("qas.-1.q.text", "what"),
        ("qas.*.q.text", ["who", "what"]),
        ("qas.*.tags", ["x", "y", "z"]),
        ("qas.?.q.text", "what"),
        ("choices.[right]", "yes"),
        ("names.[right]", "one"),
        ("p/{id:03d}-{qas.0.q.text}.png", "p/007-who.png"),
    ],
)
def test_paths(path, value):
    assert find_value(ROW, path, draw=0.7) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none", "no column 'none': got id, a.b, qas"),
        ("qas.7.q", "no item 7 at 'qas.7.q': got 2 items"),
        ("qas.-3.q", "no item -1 at"),
        ("qas.x", "no item 2 at 'qas.x'"),
        ("qas.0.none", "no column 'none', in 'qas.0.none': got q, tags"),
        ("id.x", "no column 'x', in 'id.x': got str"),
        ("{qas}.png", r"\{qas\} is no single value: got list"),
        ("{a.b:03d}.png", r"\{a.b:03d\} cannot be written: got 'whole'; expected a number"),
    ],
)
def test_what_is_not_there_is_told(path, message):
    with pytest.raises(InputError, match=message):
        find_value(ROW, path, draw=0.7)


def test_one_draw_means_the_same_item_everywhere():
    row = {"first": list("abcd"), "second": list("ABCD")}
    for draw in (0.0, 0.26, 0.999):
        found = find_value(row, "first.?", draw=draw), find_value(row, "second.?", draw=draw)
        assert found[0].upper() == found[1]
