"""Short runs of one recipe with one thing left out of each, and their curves side by side.

    python benchmarks/ablations.py --steps 2000                 # all of them, one after another
    python benchmarks/ablations.py --steps 2000 --only base no_qk_norm
    python benchmarks/ablations.py --steps 4 --set batch.text=2 batch.image=1 batch.audio=1     # to try it

Codecs and tokenizer are those of the bundled model.

Each run is an ordinary one of ``unio train`` in its own folder below ``--out``: stopped (Ctrl-C, SIGTERM, a
power cut), the same command goes on, and runs that are done pass at once. ``ablations.html`` there is
drawn anew after each run; ``--draw`` draws it of whatever is there. Held-out losses are those of the
tasks, which all runs share: training losses of runs with and without denoisers are of other things.
"""

import argparse
from collections.abc import Sequence
from html import escape
from pathlib import Path

from unio.core import UnioError
from unio.media import write_whole
from unio.train import run
from unio.train.log_file import LOG, read_log
from unio.train.svg_chart import Points, chart

ROOT = Path(__file__).parent.parent
BASE = ROOT / "configs" / "pretrain" / "nano.yaml"
BUNDLED = ROOT / "src" / "unio" / "assets" / "nano"

ABLATIONS: dict[str, list[str]] = {
    "base": [],
    "no_denoisers": ["denoising=null"],
    "no_dynamic_mask": ["model.changes.dynamic_mask=none"],
    "no_qk_norm": ["model.changes.trunk.attention=plain"],
}
"""What each run changes of the base recipe."""


def overrides_of(name: str, *, out: Path, steps: int, extra: Sequence[str]) -> list[str]:
    """Settings of one run: its folder and length, what is common to all, what it leaves out."""
    every = max(1, steps // 20)
    return [
        f"out={out / name}",
        f"name={name}",
        f"image_codec={BUNDLED}",
        f"audio_codec={BUNDLED}",
        f"tokenizer={BUNDLED / 'tokenizer.model'}",
        f"loop.steps={steps}",
        f"loop.log_every={max(1, steps // 200)}",
        f"loop.save_every_steps={max(1, steps // 4)}",
        f"evaluation={{every_steps: {every}, split: test, batches: 4, samples: 0}}",
        *extra,
        *ABLATIONS[name],
    ]


def compose(out: Path) -> str:
    """A page of the curves of all runs that are there, each run a line."""
    logs = {name: read_log(out / name / LOG) for name in ABLATIONS if (out / name / LOG).exists()}
    held_out = {
        name: read_log(path) for name in ABLATIONS if (path := out / name / "evaluation.jsonl").exists()
    }
    drawn = [
        chart("training loss", {name: losses(lines, "loss") for name, lines in logs.items()}),
        chart(
            "gradient norm (mean)",
            {name: [(line["step"], line["gradient_norm"]) for line in lines] for name, lines in logs.items()},
        ),
        chart(
            "gradient norm (largest)",
            {
                name: [(line["step"], line["largest_gradient_norm"]) for line in lines]
                for name, lines in logs.items()
            },
        ),
        *(
            chart(
                f"held-out loss: {modality}",
                {name: losses(lines, modality) for name, lines in held_out.items()},
            )
            for modality in ("text", "image", "audio")
        ),
    ]
    changes = "".join(
        f"<li><b>{escape(name)}</b> <code>{escape(' '.join(changed) or 'as it is')}</code></li>"
        for name, changed in ABLATIONS.items()
        if name in logs
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Ablations</title>'
        f"<h1>Ablations</h1><ul>{changes}</ul>{''.join(drawn)}</html>\n"
    )


def losses(lines: Sequence[dict[str, object]], name: str) -> Points:
    """One loss over the steps, of the lines that have it."""
    return [(line["step"], line["losses"][name]) for line in lines if name in line["losses"]]  # type: ignore[index, operator, misc]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--config", type=Path, default=BASE)
    parser.add_argument("--out", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--only", nargs="*", choices=list(ABLATIONS), default=list(ABLATIONS))
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="settings common to all")
    parser.add_argument("--draw", action="store_true", help="draw what is there, run nothing")
    given = parser.parse_args(arguments)
    for name in [] if given.draw else given.only:
        is_done = run(given.config, overrides_of(name, out=given.out, steps=given.steps, extra=given.set))
        write_whole(given.out / "ablations.html", compose(given.out).encode())
        if not is_done:
            return
    write_whole(given.out / "ablations.html", compose(given.out).encode())


if __name__ == "__main__":
    try:
        main()
    except UnioError as error:
        raise SystemExit(f"unio: error: {error}") from None
