import re
import shutil

from unio.cli.demo import find_scores
from unio.data.tasks import TASKS


def test_one_page_with_every_family(command, tiny_model_folder, tmp_path):
    outcome = command("demo", "--out", tmp_path / "page", "--model", tiny_model_folder)
    assert outcome.status == 0
    assert outcome.out.strip().endswith(str(tmp_path / "page" / "index.html"))
    page = (tmp_path / "page" / "index.html").read_text()
    assert re.findall(r"<code>(\w+)</code>", page)[: len(TASKS)] == TASKS.names()
    assert not re.search(r"""(src|href)="(?!data:|#)""", page), "the page asks for another file"
    assert "$" not in re.sub(r"base64,[^\"]*", "", page)


def test_scores_beside_the_weights_become_the_table(command, tiny_model_folder, tmp_path):
    model = shutil.copytree(tiny_model_folder, tmp_path / "model")
    assert find_scores(str(model))[0] == []
    command("eval", "playroom", "--count", 1, "--families", "sort", "--out", model, "--model", model)
    (row,), note = find_scores(str(model))
    assert row.task == "sort"
    assert note.startswith("1 examples of each family from the test split, seed 0")


def test_a_place_that_cannot_be_written_is_refused_first(refused, picture):
    assert refused("demo", "--out", picture).startswith(f"cannot write into {picture}")


def test_a_model_that_is_not_there_leaves_no_folder(refused, tmp_path):
    assert refused("demo", "--out", tmp_path / "page", "--model", "none").startswith("unknown model")
    assert not (tmp_path / "page").exists()
