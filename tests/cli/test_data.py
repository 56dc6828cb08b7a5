import json
import re
from pathlib import Path

import numpy as np
from PIL import Image

from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource
from unio.data.tasks import TASKS

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
    assert set(source.families()) == {"converse", "converse_image", "refer", "box_property"}
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


def test_show_writes_a_page_of_a_file(command, tmp_path, tiny_model_folder):
    write_example(tmp_path)
    page = tmp_path / "page.html"
    outcome = command(
        "data", "show", tmp_path / "train.jsonl", "--out", page, "--model", tiny_model_folder, "--no-denoise"
    )
    assert outcome.status == 0
    assert outcome.out.startswith("4 examples: ")
    text = page.read_text()
    assert "conversations of train.jsonl" in text
    assert "decoded from its 4 x 4 codes" in text
    assert "Denoising" not in text


def test_show_writes_a_page_of_a_family_with_each_paradigm(command, tmp_path, tiny_model_folder):
    page = tmp_path / "page.html"
    outcome = command("data", "show", "caption", "--out", page, "--model", tiny_model_folder, "--examples", 2)
    assert outcome.status == 0
    text = page.read_text()
    assert text.count("<code>caption</code>") == 2
    assert text.count("<code>denoise.caption</code>") == 5


def test_show_refuses_what_it_cannot_show(refused, tmp_path, monkeypatch):
    monkeypatch.setattr("unio.data.sources.playroom.source.can_speak", lambda: False)
    assert "the playroom has no data for 'speak'" in refused("data", "show", "speak")
    assert "no such mixture: got nothing" in refused("data", "show", "nothing")
    assert "unknown split: got 'tset'" in refused("data", "show", "vqa", "--split", "tset")
    assert "bad --folder: got 'here'; expected NAME=DIR" in refused(
        "data", "show", "playroom", "--folder", "here"
    )
    (tmp_path / "bad.jsonl").write_text('{"messages": []}\n')
    assert "nothing in bad.jsonl can be used" in refused("data", "show", tmp_path / "bad.jsonl")


def test_stats_of_a_mixture_with_a_data_set(command, tmp_path, tiny_model_folder):
    write_example(tmp_path)
    (tmp_path / "mix.yaml").write_text(
        "title: words and sums\ngroups:\n  all:\n    parts:\n      mine: {rate: 1, data: [mine]}\n"
        "      sums: {rate: 3, tasks: [arithmetic]}\n      gone: {rate: 1, tasks: [vqa], data: [gone]}\n"
    )
    arguments = ("data", "stats", tmp_path / "mix.yaml", "--folder", f"mine={tmp_path}")
    reader = ("--builders", tmp_path, "--model", tiny_model_folder, "--examples", 12)
    outcome = command(*arguments, *reader)
    assert outcome.status == 0
    assert outcome.out.startswith("words and sums\n")
    assert "60.00%  arithmetic: the playroom" in outcome.out
    assert "mine/converse_image" in outcome.out
    assert "tokens in: text" in outcome.out
    assert "not here: 1, such as gone: gone/vqa" in outcome.out
    told = json.loads(command(*arguments, *reader, "--json").out)
    assert told["examples"] == 12
    assert told["absent"] == ["gone: gone/vqa"]


def test_stats_of_the_papers_mixtures_tell_their_rates(command):
    outcome = command("data", "stats", "pretraining")
    assert outcome.status == 2
    assert "mC4" in outcome.out
    assert "nothing of the mixture 'pre-training of Unified-IO 2" in outcome.err


def test_stats_of_a_builder(command, tmp_path, tiny_model_folder):
    write_example(tmp_path)
    outcome = command("data", "stats", tmp_path / "mine.yaml", "--model", tiny_model_folder, "--examples", 3)
    assert outcome.status == 0
    assert "refer" in outcome.out


def test_tasks_lists_each_family_with_its_data(command):
    outcome = command("data", "tasks")
    (line,) = [line for line in outcome.out.splitlines() if line.startswith("refer ")]
    assert "playroom, refcoco" in line
    assert line.split()[-2:] == ["iou_50", "0.030"]
    rows = json.loads(command("data", "tasks", "--json").out)
    assert {row["family"] for row in rows} == set(TASKS.names())
    assert all(int(row["prompts"]) >= 8 for row in rows)
