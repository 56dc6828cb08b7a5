import numpy as np

from unio.data.sources.playroom.text_problems import arithmetic_record, sort_record


def test_sums_are_right():
    rng = np.random.default_rng(0)
    records = [arithmetic_record(None, rng) for _ in range(300)]
    for record in records:
        value = 0
        for term in record["expression"].replace("- ", "+ -").split(" + "):
            value += int(term)
        assert str(value) == record["result"]
        assert 0 <= value <= 198
    assert any("-" in record["expression"] for record in records)
    assert any(record["expression"].count("+") == 2 for record in records)


def test_lists_are_sorted_as_asked():
    rng = np.random.default_rng(1)
    records = [sort_record(None, rng) for _ in range(200)]
    for record in records:
        items = record["items"].split()
        key = int if items[0].isdigit() else str
        ordered = sorted(items, key=key, reverse=record["order"] == "descending")
        assert record["sorted"] == " ".join(ordered)
        assert 3 <= len(set(items)) == len(items) <= 5
    assert {record["order"] for record in records} == {"ascending", "descending"}
