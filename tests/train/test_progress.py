import io
from typing import Any

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
