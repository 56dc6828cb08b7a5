import re
from pathlib import Path

import numpy as np
from PIL import Image

from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource

DOCS = Path(__file__).resolve().parents[2] / "docs" / "data.md"


def write_example(folder):
    """The files that docs/data.md shows, and the picture they speak of."""
    blocks = dict(re.findall(r"```(json|yaml)\n(.*?)```", DOCS.read_text(), flags=re.DOTALL))
    (folder / "train.jsonl").write_text(blocks["json"])
    (folder / "mine.yaml").write_text(blocks["yaml"])
    Image.fromarray(np.full((20, 30, 3), 90, np.uint8)).save(folder / "cup.png")


def test_the_example_of_the_docs_runs(command, tmp_path):
    write_example(tmp_path)
    outcome = command("data", "check", tmp_path / "train.jsonl")
    assert outcome.status == 0
    assert outcome.out.strip().endswith("every line can be used")
    source = ReadSource(load_builder(tmp_path / "mine.yaml"), tmp_path)
    assert set(source.families()) == {"converse", "converse_image", "refer"}
    assert "What is this?" in source.example("converse", 0, 0).prompt


def test_each_unusable_line_is_listed(command, tmp_path):
    write_example(tmp_path)
    with (tmp_path / "train.jsonl").open("a") as file:
        file.write('{"messages": []}\nno json\n')
    outcome = command("data", "check", tmp_path / "train.jsonl", "--media", tmp_path)
    assert outcome.status == 2
    first, second = outcome.out.splitlines()
    assert first.startswith("train.jsonl line 4: a conversation without answer")
    assert second.startswith("train.jsonl line 5: the line is not valid JSON")
    assert outcome.err.startswith("unio: error: 2 unusable in")
