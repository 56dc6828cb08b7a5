import json

import pytest

from unio.cli.families import choose_families
from unio.core import InputError

KNOWN = ("caption", "sort", "track")


@pytest.fixture
def model(tmp_path):
    """A function that makes a folder with these families, and gives its name."""

    def make(families):
        (tmp_path / "training.json").write_text(json.dumps({"families": families}))
        return str(tmp_path)

    return make


def test_what_is_named_is_taken_whatever_was_trained_on(model, capsys):
    assert choose_families("track, sort", known=KNOWN, model=model(["sort"])) == ["track", "sort"]
    assert capsys.readouterr().err == ""


def test_a_model_that_does_not_say_is_asked_everything(tmp_path, capsys):
    assert choose_families(None, known=KNOWN, model=str(tmp_path)) == list(KNOWN)
    assert capsys.readouterr().err == ""


def test_what_was_not_trained_on_is_left_out_and_told(model, capsys):
    place = model(["track", "caption", "vqav2"])
    assert choose_families(None, known=KNOWN, model=place) == ["caption", "track"]
    told = f"left out, {place} was not trained on them: sort (--families takes any)\n"
    assert capsys.readouterr().err == told


def test_a_model_trained_on_everything_leaves_nothing_to_tell(model, capsys):
    assert choose_families(None, known=KNOWN, model=model(list(KNOWN))) == list(KNOWN)
    assert capsys.readouterr().err == ""


def test_a_model_trained_on_nothing_that_is_here_is_refused(model):
    place = model(["converse"])
    with pytest.raises(
        InputError, match=r"was trained on no family of the playroom: got converse; .*name som"
    ):
        choose_families(None, known=KNOWN, model=place)
