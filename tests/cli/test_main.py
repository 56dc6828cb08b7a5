import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from torch._inductor.exc import InductorError

from unio.cli import main
from unio.core import InputError

COMMANDS = ["tasks", "run", "demo", "eval", "train", "playroom", "playroom render", "info"]


def test_without_arguments_it_shows_the_commands(command):
    outcome = command()
    assert outcome.status == 0
    for name in ("tasks", "run", "demo", "eval", "train", "playroom", "info"):
        assert f"\n  {name} " in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_words_every_option(command, name):
    outcome = command(*name.split(), "--help")
    assert outcome.status == 0
    options = [line for line in outcome.out.splitlines() if line.startswith("  --")]
    for line, following in zip(options, [*options[1:], ""], strict=True):
        said = outcome.out[outcome.out.index(line) :].split(following)[0] if following else line
        assert len(said.split()) > 2, f"{line!r} says nothing"


def test_help_words_what_a_command_does(command):
    assert "Do one task and print the answer" in command("run", "--help").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["zzz"], "No such command 'zzz'. (see --help)"),
        (["run"], "Missing argument 'TASK'. (see --help)"),
        (["tasks", "--nope"], "No such option: --nope"),
        (["playroom"], "Missing command. (see --help)"),
        (["demo", "--seed", "soon"], "Invalid value for '--seed'"),
        (["demo", "--seed", "-1"], "Invalid value for '--seed'"),
        (["eval", "playroom", "--count", "0"], "Invalid value for '--count'"),
    ],
)
def test_a_mistake_in_the_arguments_is_one_line(refused, arguments, message):
    assert refused(*arguments).startswith(message)


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    app = typer.Typer()

    @app.command()
    def fail() -> None:
        raise error

    monkeypatch.setattr(main, "app", app)


def test_a_users_mistake_is_told_as_it_is(monkeypatch, refused):
    raising(monkeypatch, InputError("bad box", got="3", expected="4\nnumbers"))
    assert refused("--") == "bad box: got 3; expected 4 numbers"


def test_what_the_system_refuses_is_the_users_to_mend(monkeypatch, refused):
    raising(monkeypatch, PermissionError(13, "Permission denied", "/locked/page.html"))
    assert refused("--") == "/locked/page.html: Permission denied"


def test_a_fault_of_ours_is_short_and_says_how_to_see_more(monkeypatch, command):
    raising(monkeypatch, ZeroDivisionError("division by zero"))
    monkeypatch.delenv("UNIO_TRACEBACK", raising=False)
    outcome = command("--")
    assert outcome.status == 1
    assert outcome.err.splitlines() == [
        "unio: unexpected ZeroDivisionError: division by zero",
        "unio: this is a fault of unio; UNIO_TRACEBACK=1 shows where it happened",
    ]


def test_half_a_file_of_a_killed_compiler_is_the_users_to_remove(monkeypatch, refused, tmp_path):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    raising(monkeypatch, InductorError(ImportError("a/main.so: file too short"), None))
    told = refused("--")
    assert told.startswith(
        "the model cannot be compiled: got a/main.so: file too short; expected a C++ compiler"
    )
    assert f"remove {tmp_path} (it is made anew)" in told


def test_the_traceback_is_shown_when_asked_for(monkeypatch, command):
    raising(monkeypatch, ZeroDivisionError("division by zero"))
    monkeypatch.setenv("UNIO_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in command("--").err


def test_a_stop_by_the_keyboard_is_quiet(monkeypatch, command):
    raising(monkeypatch, KeyboardInterrupt())
    outcome = command("--")
    assert (outcome.status, outcome.out, outcome.err.strip()) == (130, "", "")


def test_a_reader_that_goes_away_is_no_error():
    shell = f"{sys.executable} -m unio tasks --help | head -c 1 > {os.devnull}; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"0", "141"}
    assert done.stderr == ""


def test_the_installed_command_refuses_a_missing_picture(tmp_path: Path):
    script = Path(sys.executable).parent / "unio"
    arguments = [script, "run", "caption", "--image", tmp_path / "none.png"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"unio: error: cannot read {tmp_path}/none.png")
    assert done.stderr.count("\n") == 1
