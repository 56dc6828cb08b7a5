import json
from pathlib import Path

import pytest

from unio.core import ConfigError, InputError
from unio.data.sources.builder import Builder, load_builder
from unio.data.sources.read_source import ReadSource

ROOT = Path(__file__).resolve().parents[3]
FACTS = {"name": "mine", "title": "mine", "licence": "mine", "get": "from me", "folder": "train.jsonl"}


def builder(**changes):
    reader = {"kind": "conversations", "files": ["{split}.jsonl"]}
    return Builder.model_validate(
        {**FACTS, "reader": reader, "splits": {"train": "train", "test": "val"}, **changes}
    )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "configs" / "data").glob("*.yaml")), ids=lambda path: path.stem
)
def test_every_shipped_builder_loads_and_says_what_it_expects(path, tmp_path):
    loaded = load_builder(path)
    assert loaded.name == path.stem
    with pytest.raises(InputError, match=r"is not there: got no folder .* fix: get it"):
        loaded.open(tmp_path / "none")
    for split in loaded.splits:
        with pytest.raises(InputError):
            loaded.open(tmp_path, split=split)


def lines(count):
    turns = [
        ({"role": "user", "content": "Say"}, {"role": "assistant", "content": f"{at}"}) for at in range(count)
    ]
    return "\n".join(json.dumps({"messages": list(pair)}) for pair in turns)


def test_the_split_is_filled_in(folder):
    folder.text("val.jsonl", lines(2))
    assert builder().open(folder.path, split="test").count("converse") == 2
    with pytest.raises(InputError, match=r"has no train.jsonl"):
        builder().open(folder.path)
    with pytest.raises(ConfigError, match="mine has no such split: got novel; expected train, test"):
        builder().open(folder.path, split="novel")


def test_a_source_visits_every_line_once_a_round(folder):
    folder.text("train.jsonl", lines(7))
    source = ReadSource(builder(), folder.path)
    assert source.families() == ["converse"]
    said = [source.example("converse", 3, index).target_text for index in range(14)]
    assert sorted(said[:7]) == sorted(said[7:]) == [str(at) for at in range(7)]
    assert said[:7] != said[7:]
    assert said == [
        ReadSource(builder(), folder.path).example("converse", 3, i).target_text for i in range(14)
    ]
    with pytest.raises(
        InputError, match=r"has no data for the task 'vqa'; expected one of|has no data for the task"
    ):
        source.example("vqa", 0, 0)
