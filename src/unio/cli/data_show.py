"""``unio data show``: examples as the model sees them, on one page."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unio.cli.data_choice import (
    Builders,
    ChosenData,
    DataName,
    DataReader,
    DataSplit,
    Folders,
    ReaderModel,
    choose_data,
    choose_reader,
)
from unio.cli.options import Seed
from unio.core import InputError

if TYPE_CHECKING:
    from unio.data.denoise import Denoised
    from unio.evals.data_page import Shot

__all__ = ["show_command"]

DENOISED_TRIES = 150
"""Examples that are denoised in search of one of each paradigm."""


def show_command(
    name: DataName,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")] = Path(
        "data.html"
    ),
    folder: Folders = None,
    builders: Builders = Path("configs/data"),
    split: DataSplit = "train",
    examples: Annotated[
        int, typer.Option("--examples", min=1, metavar="N", help="Examples of each family.")
    ] = 1,
    denoise: Annotated[
        bool, typer.Option("--denoise/--no-denoise", help="Also show each paradigm of denoising.")
    ] = True,
    model: ReaderModel = None,
    seed: Seed = 0,
) -> None:
    """Write a page of examples: prompt with its tokens, media with what is masked, target, ground truth.

    Pictures and sounds that are to be made are shown as a model's codes hold them, where there is a model.
    """
    chosen = choose_data(name, folders=folder or [], builders=builders, split=split)
    from unio.evals.data_page import Section, compose_data_page
    from unio.media import write_whole

    reader = choose_reader(model, with_codecs=True)
    problems: list[str] = []
    shots = tuple(_task_shots(chosen, reader, each=examples, seed=seed, problems=problems))
    if not shots:
        raise InputError("no example can be shown", got=problems[0] if problems else "nothing to draw")
    sections = [Section(heading="Tasks", note="One prompt and one target each.", shots=shots)]
    if denoise:
        note = "The same data, taken apart: a part is hidden and to be predicted."
        sections.append(
            Section(heading="Denoising", note=note, shots=_denoised_shots(chosen, reader, seed=seed))
        )
    facts = {"data": f"{name}, {split} split, seed {seed}", **reader.facts}
    if chosen.absent:
        facts["not here"] = "; ".join(chosen.absent)
    page = compose_data_page(chosen.title, facts=facts, sections=sections)
    place = write_whole(out, page.encode())
    for problem in problems:
        typer.echo(problem, err=True)
    typer.echo(f"{sum(len(section.shots) for section in sections)} examples: {place.resolve()}")


def _task_shots(
    chosen: ChosenData, reader: DataReader, *, each: int, seed: int, problems: list[str]
) -> "Iterator[Shot]":
    """``each`` examples of every entry; those that cannot be made go to ``problems``."""
    from unio.core import UnioError
    from unio.data import featurise
    from unio.evals.data_page import example_shot

    for place, entry in enumerate(chosen.mixture.shares):
        for index in range(place * each, (place + 1) * each):
            try:
                example = chosen.source.example(entry, seed, index)
                features = featurise(example, tokenizer=reader.tokenizer, geometry=reader.geometry)
            except UnioError as error:
                problems.append(f"example {index} of {entry!r} is broken: {error}")
                continue
            yield example_shot(
                example,
                features,
                place=f"{entry}, example {index}",
                tokenizer=reader.tokenizer,
                geometry=reader.geometry,
                decoder=reader.decoder,
            )


def _denoised_shots(chosen: ChosenData, reader: DataReader, *, seed: int) -> "tuple[Shot, ...]":
    """One example of each paradigm that the data has something for."""
    from unio.data.denoise import Denoiser, DenoiserConfig, ExampleMaterials
    from unio.data.items import DenoisedItems
    from unio.evals.data_page import denoised_shots

    items = DenoisedItems(
        source=ExampleMaterials(source=chosen.source),
        mixture=chosen.mixture,
        denoiser=Denoiser(config=DenoiserConfig(), tokenizer=reader.tokenizer, geometry=reader.geometry),
        seed=seed,
    )

    def denoised() -> "Iterator[Denoised]":
        from unio.core import UnioError

        for index in range(DENOISED_TRIES):
            try:
                yield items.denoise(index)
            except UnioError:  # told above where it is an example that cannot be made
                continue

    return denoised_shots(
        denoised(), tokenizer=reader.tokenizer, geometry=reader.geometry, decoder=reader.decoder
    )
