from unio.train.step_report import add_sums


def test_sums_are_added_by_name() -> None:
    total = {"a": (1.0, 2.0)}
    add_sums(total, {"a": (3.0, 1.0), "b": (5.0, 1.0)})
    assert total == {"a": (4.0, 3.0), "b": (5.0, 1.0)}
