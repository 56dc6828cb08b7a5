import json
from pathlib import Path

from unio.train.live_page import LIVE_PAGE, LivePage, compose_live_page
from unio.train.meters import Meters
from unio.train.step_report import StepReport


def write_log(out: Path, *, steps: int = 2) -> None:
    meters = Meters(out, peak_flops=1e12)
    for step in range(1, steps + 1):
        sums = {"task/vqa": (3.0, 2.0), "paradigm/[R]": (1.0, 1.0)}
        meters.add(StepReport(losses={"text": 1.0}, sums=sums, gradient_norm=1.0, flops=1e9), waited=0.0)
        meters.flush(step=step, learning_rate=0.5)


def test_curves_families_and_samples_are_on_it(tmp_path: Path) -> None:
    write_log(tmp_path)
    held_out = {"step": 2, "losses": {"text": 1.25, "task/vqa": 1.125}}
    (tmp_path / "evaluation.jsonl").write_text(json.dumps(held_out) + "\n")
    for step in (1, 2):
        folder = tmp_path / "samples" / f"step-{step:08d}"
        folder.mkdir(parents=True)
        (folder / "vqa-0.txt").write_text(f"answer <{step}>")
        (folder / "vqa-0.png").write_bytes(b"png")
    page = compose_live_page(tmp_path, name="run <a>", total_steps=5)
    assert "<title>run &lt;a&gt;</title>" in page
    assert "step 2 of 5" in page
    for title in ("losses", "held-out losses", "gradient norm", "learning rate", "shares", "memory, GB"):
        assert f">{title}<" in page
    assert ">losses by paradigm<" in page
    assert "<td>vqa</td><td>1.500</td><td>1.125</td>" in page
    assert "answer &lt;2&gt;" in page
    assert "answer &lt;1&gt;" not in page
    assert 'src="samples/step-00000002/vqa-0.png"' in page
    assert "http-equiv" in page


def test_a_run_that_is_over_is_not_loaded_again(tmp_path: Path) -> None:
    write_log(tmp_path)
    assert "http-equiv" not in compose_live_page(tmp_path, name="x", total_steps=2)


def test_before_the_first_line_there_is_a_page_too(tmp_path: Path) -> None:
    assert "step 0 of 5" in compose_live_page(tmp_path, name="x", total_steps=5)


def test_a_codecs_reconstructions_are_shown(tmp_path: Path) -> None:
    (tmp_path / "reconstructions.png").write_bytes(b"png")
    (tmp_path / "code_use.svg").write_text("<svg>use</svg>")
    page = compose_live_page(tmp_path, name="x", total_steps=5)
    assert 'src="reconstructions.png"' in page
    assert "<svg>use</svg>" in page


def test_it_is_not_written_at_every_line(tmp_path: Path) -> None:
    page = LivePage(tmp_path, name="x", total_steps=5, seconds=1e6)
    page.update()
    (tmp_path / LIVE_PAGE).unlink()
    page.update()
    assert not (tmp_path / LIVE_PAGE).exists()
    page.update(must=True)
    assert (tmp_path / LIVE_PAGE).exists()


def test_a_page_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "live.html").mkdir()
    LivePage(tmp_path, name="tiny", total_steps=2).update()
    assert (tmp_path / "live.html").is_dir()
