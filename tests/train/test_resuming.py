from unio.train.processes import SOLO, Processes
from unio.train.resuming import describe_changes, versions


def test_settings_versions_and_processes_that_differ_are_told() -> None:
    held = {
        "config": {"a": 1, "b": {"c": 2}, "gone": 3},
        "versions": {**versions(), "torch": "1.0"},
        "processes": 4,
    }
    told = describe_changes(held, {"config": {"a": 1, "b": {"c": 5}, "new": 1}}, processes=SOLO)
    assert told == [
        "b.c: 2 -> 5",
        "gone: 3 -> None",
        f"torch: 1.0 -> {versions()['torch']}",
        "processes: 4 -> 1",
    ]


def test_a_new_setting_of_the_same_version_is_a_change() -> None:
    held = {"config": {"a": 1}, "versions": versions()}
    assert describe_changes(held, {"config": {"a": 1, "new": 2}}, processes=SOLO) == ["new: None -> 2"]


def test_products_of_another_precision_are_told() -> None:
    held = {"config": {}, "products": "bf16"}
    assert describe_changes(held, {"products": "float32"}, processes=SOLO) == ["products: bf16 -> float32"]
    assert describe_changes(held, {"products": "bf16"}, processes=SOLO) == []
    assert describe_changes({"config": {}}, {"products": "bf16"}, processes=SOLO) == []


def test_an_old_checkpoint_knows_neither_versions_nor_processes() -> None:
    facts = {"config": {"a": 1, "new": 2}}
    assert describe_changes({"config": {"a": 1}}, facts, processes=Processes(rank=1, size=2)) == []


def test_versions_name_what_numbers_depend_on() -> None:
    assert set(versions()) == {"unio", "torch", "python"}
