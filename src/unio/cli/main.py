"""The command ``unio``: its sub-commands, and the one place where an error becomes a line and an exit status.

=======  ==================================================================================
status   meaning
=======  ==================================================================================
0        done
1        a fault of unio itself: a short notice, the traceback with ``UNIO_TRACEBACK=1``
2        a mistake of the user's or a broken file: one line, ``unio: error: ...``
130      stopped by Ctrl-C
141      the reader of the output went away (``unio tasks | head -1``)
=======  ==================================================================================
"""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import cast

import typer

from unio.cli.convert import convert
from unio.cli.data import data
from unio.cli.demo import demo
from unio.cli.eval import evaluate_command
from unio.cli.info import info
from unio.cli.playroom import playroom
from unio.cli.run import run
from unio.cli.tasks import tasks
from unio.cli.train import train
from unio.core import UnioError

__all__ = ["app", "main", "run_command_line"]

USAGE_ERROR = typer.BadParameter.__bases__[0]  # the class of every mistake in the arguments themselves

app = typer.Typer(
    name="unio",
    help="One model that reads, sees, hears, writes, draws, sounds and acts.",
    rich_markup_mode=None,  # plain help, the same on every terminal, so that docs/ can hold it
    pretty_exceptions_enable=False,
)
app.command("tasks")(tasks)
app.command("run")(run)
app.command("demo")(demo)
app.command("eval")(evaluate_command)
app.command("train", context_settings={"ignore_unknown_options": True})(train)
app.add_typer(playroom, name="playroom")
app.add_typer(data, name="data")
app.command("info")(info)
app.command("convert")(convert)


def main() -> None:
    """Entry point of the installed command."""
    sys.exit(run_command_line(sys.argv[1:]))


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; every error is told on standard error."""
    command = typer.main.get_command(app)
    try:
        status: object = command.main(list(arguments) or ["--help"], prog_name="unio", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except (BrokenPipeError, SystemExit):
        # Typer turns a broken pipe into SystemExit, and nothing else. Python flushes standard output
        # once more as it exits; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        return report_error(error)


def report_error(error: Exception) -> int:
    """Tell ``error`` on standard error and return the exit status it means."""
    if os.environ.get("UNIO_TRACEBACK"):
        traceback.print_exception(error)
    error = _compiler_failure(error) or error
    if isinstance(error, UnioError):
        message = str(error)
    elif isinstance(error, USAGE_ERROR):
        message = f"{cast(typer.BadParameter, error).format_message()} (see --help)"
    elif isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        notice = f"unio: unexpected {type(error).__name__}: {error}"
        print(" ".join(notice.split())[:400], file=sys.stderr)
        print("unio: this is a fault of unio; UNIO_TRACEBACK=1 shows where it happened", file=sys.stderr)
        return 1
    print("unio: error:", " ".join(message.split()), file=sys.stderr)
    return 2


def _compiler_failure(error: Exception) -> UnioError | None:
    """What to tell if torch could not compile; None for any other error, and without torch in memory."""
    if "torch._inductor" not in sys.modules:
        return None
    from unio.nn.compiler_errors import COMPILER_ERRORS, compiler_failure

    return compiler_failure(error) if isinstance(error, COMPILER_ERRORS) else None
