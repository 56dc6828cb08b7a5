import numpy as np
import pytest

from unio.core import ConfigError, InputError
from unio.data.sources.class_folders import ClassFolders, drawn_options

CONFIG = ClassFolders(kind="class_folders", classes="train", options=3)


@pytest.fixture
def layout(folder):
    for name in ("n01", "n02", "n03", "n04"):
        folder.picture(f"train/{name}/{name}_1.JPEG")
    return folder


def test_the_label_is_among_the_options(layout, record):
    reader = CONFIG.open(layout.path)
    assert reader.count("classify") == 4
    made = record(reader, "classify", 2)
    assert made["label"] == "n03"
    assert len(made["options"]) == len(set(made["options"])) == 3
    assert "n03" in made["options"]
    assert record(reader, "tag", 1)["tags"] == ("n02",)


def test_folders_get_names_from_a_file(layout, record):
    lines = ["n01 tench, Tinca tinca", "n02 goldfish", "n03 great white shark", "n04 ray"]
    layout.text("names.txt", "\n".join(lines))
    named = CONFIG.model_copy(update={"names": "names.txt"})
    assert record(named.open(layout.path), "tag")["tags"] == ("tench",)
    layout.text("names.txt", "n01 tench")
    with pytest.raises(InputError, match="no line for the class 'n02'"):
        named.open(layout.path)
    layout.text("names.txt", "n01")
    with pytest.raises(InputError, match=r"names.txt line 1 has no name: got n01"):
        named.open(layout.path)
    with pytest.raises(InputError, match="cannot read"):
        CONFIG.model_copy(update={"names": "none.txt"}).open(layout.path)


def test_nothing_to_read_is_told(folder):
    (folder.path / "train").mkdir()
    with pytest.raises(InputError, match="holds no pictures or videos"):
        CONFIG.open(folder.path)


def test_options_are_drawn_in_any_order():
    places = {drawn_options("b", "abcd", most=9, rng=np.random.default_rng(s)).index("b") for s in range(30)}
    assert places == {0, 1, 2, 3}
    assert drawn_options("b", ["b"], most=2, rng=np.random.default_rng(0)) == ("b",)


def test_listed_files_alone_and_names_without_numbers(layout, record):
    layout.picture("train/deep/n05_x/a.png")
    layout.text("list.txt", "n02/n02_1.JPEG 1\n\n/deep/n05_x/a.png 2\n")
    config = CONFIG.model_copy(update={"listed": "list.txt", "strip": "^n0"})
    reader = config.open(layout.path)
    assert [record(reader, "tag", number)["tags"] for number in range(2)] == [("2",), ("deep n05 x",)]
    layout.text("list.txt", "../secret.png 1")
    with pytest.raises(InputError, match="leads out of the data set's folder"):
        config.open(layout.path)
    layout.text("list.txt", "a.png 1")
    with pytest.raises(InputError, match=r"list.txt names a file without class: got a.png 1"):
        config.open(layout.path)
    with pytest.raises(ConfigError, match=r"bad regular expression in strip: got '\(': missing"):
        config.model_copy(update={"strip": "("}).open(layout.path)
