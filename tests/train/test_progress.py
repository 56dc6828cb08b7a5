import io
from typing import Any

import pytest
from rich.console import Console

from unio.train.progress import TrainingProgress, describe_line

LINE: dict[str, Any] = {
    "step": 40,
    "losses": {"loss": 2.3111, "text": 1.02, "task/vqa": 0.5},
    "tokens_per_second": 1840.2,
    "examples_per_second": 31.52,
    "data_wait": 0.021,
    "skipped": 0,
    "seconds_per_step": 3.0,
}


def test_a_line_is_told_in_words() -> None:
    assert describe_line(LINE) == ("loss 2.311  text 1.020  1,840 tokens/s  31.5 examples/s  data wait 2 %")
    assert describe_line(LINE | {"skipped": 2, "tokens_per_second": 0.0}) == (
        "loss 2.311  text 1.020  31.5 examples/s  data wait 2 %  2 skipped"
    )


def test_what_is_measured_is_told() -> None:
    line = LINE | {"real_share": 0.914, "mfu": 0.4512, "memory_gb": 3.26}
    assert describe_line(line).endswith("data wait 2 %  91 % real  MFU 45.1 %  3.3 GB")


def shown(*, is_terminal: bool) -> str:
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=160)
    with TrainingProgress("nano", total=100, start=20, console=console) as progress:
        progress.advance(40)
        progress.show(LINE)
        progress.say("saved")
    return output.getvalue()


def test_plain_lines_where_there_is_no_terminal() -> None:
    text = shown(is_terminal=False)
    assert "nano 40/100  loss 2.311" in text
    assert "3 min left" in text
    assert "saved" in text


def test_a_bar_on_a_terminal() -> None:
    text = shown(is_terminal=True)
    assert "40/100" in text
    assert "loss 2.311" in text
    assert "saved" in text


def test_counting_tells_now_and_then() -> None:
    output = io.StringIO()
    with TrainingProgress("media", total=40, console=Console(file=output, force_terminal=False)) as progress:
        for done in range(41):
            progress.count(done)
    assert output.getvalue().splitlines() == [f"media {done}/40" for done in range(4, 41, 4)]


def test_one_process_of_several_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    with TrainingProgress("nano", total=2, is_silent=True) as progress:
        progress.say("hello")
        progress.show(LINE)
    assert capsys.readouterr().err == ""
