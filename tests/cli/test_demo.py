import re
import shutil

from unio.cli.demo import find_scores
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS


def test_one_page_with_every_family(command, tiny_model_folder, tmp_path):
    # The form of 17 named points is longer than any text of the tiny model.
    families = [name for name in PlayroomSource(split="test").families() if name != "keypoints"]
    arguments = ("--model", tiny_model_folder, "--families", ",".join(families))
    outcome = command("demo", "--out", tmp_path / "page", *arguments)
    assert outcome.status == 0
    assert outcome.out.strip().endswith(str(tmp_path / "page" / "index.html"))
    page = (tmp_path / "page" / "index.html").read_text()
    # The groups stand in the order in which the families first name them, the families of one together.
    groups = list(dict.fromkeys(TASKS.get(name).group for name in families))
    shown = sorted(families, key=lambda name: groups.index(TASKS.get(name).group))
    assert re.findall(r"<code>(\w+)</code>", page)[: len(shown)] == shown
    assert not re.search(r"""(src|href)="(?!data:|#)""", page), "the page asks for another file"
    assert "$" not in re.sub(r"base64,[^\"]*", "", page)


def test_by_default_only_what_the_model_was_trained_on(command, tiny_model_folder, tmp_path):
    model = shutil.copytree(tiny_model_folder, tmp_path / "model")
    (model / "training.json").write_text('{"families": ["sort", "arithmetic"]}')
    outcome = command("demo", "--out", tmp_path / "page", "--model", model)
    assert outcome.out.startswith("2 answers")
    assert outcome.err.startswith(f"left out, {model} was not trained on them: image_from_text, ")
    named = command("demo", "--out", tmp_path / "page", "--model", model, "--families", "audio_tag")
    assert named.out.startswith("1 answers")
    assert named.err == ""


def test_scores_beside_the_weights_become_the_table(command, tiny_model_folder, tmp_path):
    model = shutil.copytree(tiny_model_folder, tmp_path / "model")
    assert find_scores(str(model))[0] == []
    command("eval", "playroom", "--count", 1, "--families", "sort", "--out", model, "--model", model)
    (row,), note = find_scores(str(model))
    assert row.task == "sort"
    assert note.startswith("1 examples of each family from the test split, seed 0")


def test_a_place_that_cannot_be_written_is_refused_first(refused, picture):
    assert refused("demo", "--out", picture).startswith(f"cannot write into {picture}")


def test_an_unknown_family_is_refused(refused, tmp_path):
    complaint = refused("demo", "--out", tmp_path / "page", "--families", "sort,drow")
    assert complaint.startswith("unknown task: got 'drow'")


def test_a_model_that_is_not_there_leaves_no_folder(refused, tmp_path):
    assert refused("demo", "--out", tmp_path / "page", "--model", "none").startswith("unknown model")
    assert not (tmp_path / "page").exists()
