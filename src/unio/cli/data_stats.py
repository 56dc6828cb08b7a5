"""``unio data stats``: what a mixture asks for, and what is drawn from it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unio.cli.data_choice import (
    Builders,
    DataName,
    DataSplit,
    Folders,
    ReaderModel,
    choose_data,
    choose_reader,
)
from unio.cli.options import AsJson, Seed

if TYPE_CHECKING:
    from unio.data.mixture_file import MixtureFile
    from unio.data.stats import MixtureStats

__all__ = ["stats_command"]


def stats_command(
    name: DataName,
    folder: Folders = None,
    builders: Builders = Path("configs/data"),
    split: DataSplit = "train",
    examples: Annotated[
        int, typer.Option("--examples", min=1, metavar="N", help="Examples to draw and count.")
    ] = 300,
    model: ReaderModel = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Count what a mixture, a family or a file gives: lengths, rates, and tokens by modality.

    A mixture's own rates are told first. Raises an error where nothing of it is there.
    """
    file = None if as_json else _mixture_file(name)
    if file is not None:
        typer.echo("\n".join(_rate_lines(file)))
    chosen = choose_data(name, folders=folder or [], builders=builders, split=split)
    from unio.data.items import TaskItems
    from unio.data.stats import gather_stats

    reader = choose_reader(model, with_codecs=False)
    items = TaskItems(
        source=chosen.source,
        mixture=chosen.mixture,
        tokenizer=reader.tokenizer,
        geometry=reader.geometry,
        seed=seed,
    )
    stats = gather_stats(items, count=examples)
    if as_json:
        typer.echo(json.dumps(stats.to_json() | {"absent": list(chosen.absent)}, indent=1))
        return
    typer.echo("\n".join(_stats_lines(stats, facts=reader.facts, absent=chosen.absent)))


def _mixture_file(name: str) -> "MixtureFile | None":
    """The mixture that ``name`` is; None for a family or a file of data."""
    from unio.cli.data_choice import ROWS
    from unio.core import read_yaml
    from unio.data.mixture_file import load_mixture
    from unio.data.tasks import TASKS

    path = Path(name)
    if name in TASKS or path.suffix in ROWS or (path.is_file() and "reader" in read_yaml(path)):
        return None
    return load_mixture(name)


def _rate_lines(file: "MixtureFile") -> list[str]:
    """Groups and parts with their rates in percent."""
    whole = sum(group.total for group in file.groups.values())
    lines = [file.title, ""]
    for name, group in file.groups.items():
        lines.append(f"{name:<42}{group.total / whole:>8.2%}")
        parts = sum(part.rate for part in group.parts.values())
        for title, part in group.parts.items():
            rate = group.total * part.rate / parts / whole if parts else 0.0
            told = ", ".join(part.tasks) or "all it has"
            lines.append(f"  {title:<40}{rate:>8.2%}  {told}: {', '.join(part.data) or 'the playroom'}")
    return [*lines, ""]


def _stats_lines(stats: "MixtureStats", *, facts: dict[str, str], absent: tuple[str, ...]) -> list[str]:
    lines = [f"{name}: {text}" for name, text in facts.items()]
    lines.append(f"{'entry':<34}{'asked':>8}{'drawn':>8}{'encoder':>14}{'decoder':>14}   (mean, most)")
    for one in stats.entries:
        share = one.drawn / stats.count
        encoder, decoder = (f"{mean:.1f} {most}" for mean, most in (one.encoder, one.decoder))
        lines.append(f"{one.name:<34}{one.share:>8.2%}{share:>8.2%}{encoder:>14}{decoder:>14}")
    for heading, tokens in (("tokens in", stats.inputs), ("tokens out", stats.targets)):
        whole = max(sum(tokens.values()), 1)
        told = ", ".join(f"{name.value} {count:,} ({count / whole:.1%})" for name, count in tokens.items())
        lines.append(f"{heading}: {told or 'none'}")
    targets = ", ".join(f"{name.value} {count / stats.count:.1%}" for name, count in stats.examples.items())
    lines.append(f"targets of {stats.count} examples: {targets or 'none'}; prompts cut: {stats.cut}")
    lines += [str(item) for item in stats.broken[:10]]
    if stats.broken:
        lines.append(f"broken: {len(stats.broken)} of {stats.count}")
    if absent:
        lines.append(f"not here: {len(absent)}, such as {'; '.join(absent[:4])}")
    return lines
