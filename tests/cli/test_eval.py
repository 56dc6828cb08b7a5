import json
import shutil

import pytest


def test_a_table_with_chance_and_ceiling(command, tiny_model_folder):
    outcome = command(
        "eval", "playroom", "--count", 2, "--families", "sort,depth", "--model", tiny_model_folder
    )
    assert outcome.status == 0
    head, _, *rows = outcome.out.splitlines()
    assert head.split("|")[3].strip() == "score"
    assert [row.split("|")[1].strip() for row in rows] == ["sort", "depth"]


def test_json_and_a_folder_hold_the_same(command, tiny_model_folder, tmp_path):
    arguments = [
        "eval",
        "playroom",
        "--count",
        1,
        "--families",
        "sort",
        "--json",
        "--out",
        tmp_path / "results",
    ]
    outcome = command(*arguments, "--model", tiny_model_folder)
    assert json.loads(outcome.out) == json.loads((tmp_path / "results" / "results.json").read_text())


def test_a_longer_evaluation_goes_on_from_a_shorter_one(command, tiny_model_folder, tmp_path):
    arguments = ["eval", "playroom", "--families", "sort", "--out", tmp_path, "--model", tiny_model_folder]
    command(*arguments, "--count", 1)
    first = (tmp_path / "answers.jsonl").read_text()
    assert command(*arguments, "--count", 3).status == 0
    assert (tmp_path / "answers.jsonl").read_text().startswith(first)
    assert len((tmp_path / "answers.jsonl").read_text().splitlines()) == 4


def test_act_adds_the_closed_loop(command, tiny_model_folder):
    arguments = ["--count", 1, "--families", "act", "--no-ceiling", "--json", "--model", tiny_model_folder]
    rows = json.loads(command("eval", "playroom", *arguments).out)["tasks"]
    assert [row["task"] for row in rows] == ["act", "act_closed_loop"]


def test_by_default_only_what_the_model_was_trained_on(command, tiny_model_folder, tmp_path):
    model = shutil.copytree(tiny_model_folder, tmp_path / "model")
    (model / "training.json").write_text('{"families": ["sort"]}')
    outcome = command("eval", "playroom", "--count", 1, "--json", "--model", model)
    assert [row["task"] for row in json.loads(outcome.out)["tasks"]] == ["sort"]
    assert "was not trained on them: image_from_text, " in outcome.err


def test_an_unknown_suite_split_or_family_is_refused(refused):
    assert (
        refused("eval", "cinema")
        == "unknown suite: got 'cinema'; expected playroom, babyai, pusht, metaworld"
    )
    assert refused("eval", "playroom", "--split", "exam").startswith("unknown split: got 'exam'")
    assert refused("eval", "playroom", "--families", "sort,drow").startswith("unknown task: got 'drow'")


def test_another_evaluations_folder_is_refused(command, refused, tiny_model_folder, tmp_path):
    arguments = [
        "eval",
        "playroom",
        "--count",
        1,
        "--families",
        "sort",
        "--out",
        tmp_path,
        "--model",
        tiny_model_folder,
    ]
    command(*arguments)
    assert "holds another evaluation" in refused(*arguments, "--seed", 9)


def test_a_simulators_closed_loop(command, refused, tiny_model_folder, tmp_path):
    pytest.importorskip("minigrid")
    arguments = ["eval", "babyai", "--count", 1, "--out", tmp_path, "--model", tiny_model_folder]
    assert "babyai_closed_loop" in command(*arguments).out
    (row,) = json.loads((tmp_path / "results.json").read_text())["tasks"]
    assert (row["metric"], row["ceiling"]) == ("success", 1.0)
    told = refused("eval", "babyai", "--split", "novel", "--model", tiny_model_folder)
    assert told == "simulators have no such split: got 'novel'; expected train or test"
