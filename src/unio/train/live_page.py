"""The live page of a run: its curves, losses by family, and newest sample outputs, in one HTML file.

It is made of the files the run writes anyway and asks the network for nothing; an open browser loads
it again by itself while the run goes on.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from unio.core import UnioError
from unio.media import write_whole
from unio.train.log_file import EVALUATION_LOG, LOG, read_log
from unio.train.svg_chart import Points, chart

__all__ = ["LIVE_PAGE", "LivePage", "compose_live_page"]

LIVE_PAGE = "live.html"
REFRESH_SECONDS = 20
MOST_SAMPLES = 60
SAMPLE_CHARACTERS = 400

LEISURE = 100
"""Making the page takes at most one part in this of a run's time."""

FIGURES = {
    "gradient norm": ("gradient_norm", "largest_gradient_norm"),
    "learning rate": ("learning_rate",),
    "a second": ("tokens_per_second", "positions_per_second"),
    "shares": ("real_share", "data_wait", "mfu"),
    "memory, GB": ("memory_gb",),
}
"""Title of a chart -> figures of a log line drawn in it."""

STYLE = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:24px;max-width:1120px}svg text{font:11px sans-serif}"
    "svg{border:1px solid #eee;margin:4px}table{border-collapse:collapse}td,th{padding:2px 12px 2px 0;"
    "text-align:left}figure{display:inline-block;margin:6px;max-width:340px;vertical-align:top}"
    "img{max-width:100%}pre{white-space:pre-wrap;font-size:11px}"
)


class LivePage:
    """Writes ``live.html`` into a run's folder, at most once in ``seconds`` unless it must.

    A long run's page takes long to make: nor does it take more than one part in `LEISURE` of the time.
    """

    def __init__(self, out: Path, *, name: str, total_steps: int, seconds: float = 10.0) -> None:
        self._out = out
        self._name = name
        self._total_steps = total_steps
        self._seconds = seconds
        self._written_at = float("-inf")
        self._took = 0.0

    def update(self, *, must: bool = False) -> None:
        """Write it anew if it is time."""
        now = time.monotonic()
        if must or now - self._written_at >= max(self._seconds, LEISURE * self._took):
            page = compose_live_page(self._out, name=self._name, total_steps=self._total_steps)
            # A page that cannot be written stops no run: a checkpoint that cannot be says what is wrong.
            with suppress(UnioError):
                write_whole(self._out / LIVE_PAGE, page.encode())
            self._written_at = time.monotonic()
            self._took = self._written_at - now


def compose_live_page(out: Path, *, name: str, total_steps: int) -> str:
    """The page as HTML, of what lies in ``out``: log, evaluations, newest samples, reconstructions."""
    lines = read_log(out / LOG) if (out / LOG).exists() else []
    held_out = read_log(out / EVALUATION_LOG) if (out / EVALUATION_LOG).exists() else []
    done = int(lines[-1]["step"]) if lines else 0
    refresh = f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">' if done < total_steps else ""
    charts = [
        chart("losses", _losses(lines, prefix=None)),
        chart("held-out losses", _losses(held_out, prefix=None)),
        *(chart(title, _figures(lines, keys)) for title, keys in FIGURES.items()),
        chart("losses by paradigm", _losses(lines, prefix="paradigm/")),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{refresh}<title>{escape(name)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(name)}</h1>"
        f"<p>step {done:,} of {total_steps:,}{_minutes(lines)}</p>{''.join(charts)}"
        f"{_families(lines, held_out)}{_reconstructions(out)}{_samples(out)}</body></html>\n"
    )


def _minutes(lines: Sequence[Mapping[str, Any]]) -> str:
    return f", {lines[-1]['minutes']:,.1f} minutes" if lines else ""


def _losses(lines: Sequence[Mapping[str, Any]], *, prefix: str | None) -> dict[str, Points]:
    """Losses over the steps: those of whole modalities, or those whose name begins with ``prefix``."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        for loss, value in line["losses"].items():
            if ("/" not in loss) if prefix is None else loss.startswith(prefix):
                found.setdefault(loss.removeprefix(prefix or ""), []).append((line["step"], value))
    return {loss: found[loss] for loss in sorted(found)}


def _figures(lines: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> dict[str, Points]:
    return {
        key.replace("_", " "): [(line["step"], line[key]) for line in lines if key in line] for key in keys
    }


def _families(lines: Sequence[Mapping[str, Any]], held_out: Sequence[Mapping[str, Any]]) -> str:
    """A table of the newest loss of every family."""
    trained = _losses(lines, prefix="task/")
    tested = _losses(held_out, prefix="task/")
    if not trained:
        return ""
    rows = "".join(
        f"<tr><td>{escape(family)}</td><td>{points[-1][1]:.3f}</td><td>{tested[family][-1][1]:.3f}</td></tr>"
        if family in tested
        else f"<tr><td>{escape(family)}</td><td>{points[-1][1]:.3f}</td><td></td></tr>"
        for family, points in trained.items()
    )
    return (
        "<h2>Families</h2><table><tr><th>family</th><th>loss (nats a token)</th><th>held out</th></tr>"
        f"{rows}</table>"
    )


def _reconstructions(out: Path) -> str:
    """A codec's sheet of originals and copies, and how evenly its codes are used."""
    if not (out / "reconstructions.png").exists():
        return ""
    usage = out / "code_use.svg"
    return '<h2>Reconstructions</h2><img src="reconstructions.png" alt="originals above reconstructions">' + (
        usage.read_text(encoding="utf-8") if usage.exists() else ""
    )


def _samples(out: Path) -> str:
    """The newest evaluation's outputs: pictures by their place, texts in full."""
    folders = sorted((out / "samples").glob("step-*"))
    if not folders:
        return ""
    newest = folders[-1]
    shown = [_sample(path, out) for path in sorted(newest.glob("*.txt"))[:MOST_SAMPLES]]
    return f"<h2>Outputs after {escape(newest.name)}</h2>{''.join(shown)}"


def _sample(path: Path, out: Path) -> str:
    words = escape(path.read_text(encoding="utf-8")[:SAMPLE_CHARACTERS])
    drawn = path.with_suffix(".png")
    picture = f'<img src="{escape(drawn.relative_to(out).as_posix())}" alt="">' if drawn.exists() else ""
    return f"<figure><figcaption>{escape(path.stem)}</figcaption>{picture}<pre>{words}</pre></figure>"
