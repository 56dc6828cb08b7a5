"""What a `unio data` command is to look at: a family, a file, a builder or a mixture; and who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unio.cli.options import DEFAULT_MODEL
from unio.core import ConfigError, InputError

if TYPE_CHECKING:
    from unio.data import Mixture, Source
    from unio.data.denoise import SpanTokenizer
    from unio.data.showing import TargetDecoder
    from unio.data.sources.builder import Builder
    from unio.schema import Geometry

__all__ = [
    "Builders",
    "ChosenData",
    "DataName",
    "DataReader",
    "DataSplit",
    "Folders",
    "ReaderModel",
    "choose_data",
    "choose_reader",
]

DataName = Annotated[
    str,
    typer.Argument(
        metavar="TASK|FILE|MIXTURE",
        help="A family of the playroom; conversations (.jsonl, .json, .parquet); a builder's or a mixture's "
        ".yaml; or a shipped mixture: playroom, playroom_full, pretraining, instruction_tuning, real_small.",
    ),
]
Folders = Annotated[
    list[str] | None,
    typer.Option("--folder", metavar="NAME=DIR", help="Where a data set lies; once for each."),
]
Builders = Annotated[
    Path, typer.Option("--builders", metavar="DIR", help="Folder of the data sets' builders.")
]
ReaderModel = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="The model that reads; the bundled one if left out.",
    ),
]
DataSplit = Annotated[str, typer.Option("--split", metavar="NAME", help="train, test or novel.")]

ROWS = (".jsonl", ".ndjson", ".json", ".parquet")


@dataclass(frozen=True, kw_only=True, eq=False)
class ChosenData:
    """A source and what to draw from it; ``absent`` is what a mixture names and is not there."""

    title: str
    source: "Source"
    mixture: "Mixture"
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class DataReader:
    """Who reads the examples: a model's tokenizer, geometry and, if asked for, codecs."""

    tokenizer: "SpanTokenizer"
    geometry: "Geometry"
    decoder: "TargetDecoder | None" = None
    facts: dict[str, str] = field(default_factory=dict[str, str])


def choose_data(name: str, *, folders: Sequence[str], builders: Path, split: str) -> ChosenData:
    """What ``name`` means. Raises ``ConfigError`` or ``InputError`` for what cannot be found or read."""
    from unio.data import Mixture
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.tasks import TASKS
    from unio.playroom.scene import check_split

    places = _places(folders)
    if name in TASKS:
        source = PlayroomSource(split=check_split(split))
        if name not in source.families():
            raise ConfigError(
                f"the playroom has no data for {name!r}", fix="name a file or a mixture that has some"
            )
        return ChosenData(title=TASKS.get(name).title, source=source, mixture=Mixture(weights={name: 1.0}))
    if Path(name).suffix.lower() in ROWS:
        return _read_rows(Path(name))
    if _holds_reader(Path(name)):
        return _read_builder(Path(name), places, split)
    return _read_mixture(name, places, builders, split)


def choose_reader(model: str | None, *, with_codecs: bool) -> DataReader:
    """A model's tokenizer, geometry and codecs, unio-nano's by default. Raises as `unio.infer.load` does."""
    from unio.infer import find_tokenizer, load, model_folder
    from unio.model import read_model_config

    name = model or DEFAULT_MODEL
    folder = model_folder(name)
    if not with_codecs:
        config = read_model_config(folder)
        tokenizer = find_tokenizer(None, folder=folder, rows=config.text_vocab_rows)
        return DataReader(tokenizer=tokenizer, geometry=config.geometry, facts={"read by": name})
    from unio.evals.data_page import CodecDecoder

    predictor = load(folder, modalities=("image_target", "audio_target"))
    return DataReader(
        tokenizer=predictor.tokenizer,
        geometry=predictor.model.config.geometry,
        decoder=CodecDecoder(predictor.model),
        facts={"read by": name, "targets": "as its codecs get them, and decoded from their codes"},
    )


def _places(folders: Sequence[str]) -> dict[str, Path]:
    """``NAME=DIR`` as a mapping."""
    places: dict[str, Path] = {}
    for given in folders:
        name, separator, folder = given.partition("=")
        if not separator or not name or not folder:
            raise ConfigError("bad --folder", got=repr(given), expected="NAME=DIR")
        places[name] = Path(folder)
    return places


def _read_rows(path: Path) -> ChosenData:
    from unio.data.sources.builder import Builder
    from unio.data.sources.conversations import Conversations

    builder = Builder(
        name=path.name,
        title=f"conversations of {path.name}",
        licence="yours",
        get="it is here",
        folder=path.name,
        reader=Conversations(kind="conversations", files=(path.name,), broken="skip"),
    )
    return _read(builder, path.parent, "train")


def _holds_reader(path: Path) -> bool:
    """Whether a YAML file is a builder's."""
    from unio.core import read_yaml

    return path.suffix in (".yaml", ".yml") and path.is_file() and "reader" in read_yaml(path)


def _read_builder(path: Path, places: dict[str, Path], split: str) -> ChosenData:
    from unio.data.sources.builder import load_builder

    builder = load_builder(path)
    return _read(builder, places.get(builder.name, path.parent), split)


def _read(builder: "Builder", folder: Path, split: str) -> ChosenData:
    from unio.data import Mixture
    from unio.data.sources.read_source import ReadSource

    source = ReadSource(builder, folder, split)
    families = source.families()
    if not families:
        raise InputError(f"nothing in {builder.name} can be used", fix="'unio data check FILE' says why")
    return ChosenData(
        title=builder.title, source=source, mixture=Mixture(weights=dict.fromkeys(families, 1.0))
    )


def _read_mixture(name: str, places: dict[str, Path], builders: Path, split: str) -> ChosenData:
    from unio.data.mixture_file import load_mixture
    from unio.data.sources.mixed import MixedSource, open_data_sets
    from unio.data.sources.playroom import PlayroomSource
    from unio.playroom.scene import check_split

    file = load_mixture(name)
    sets = open_data_sets(places, builders=builders, split=split)
    source = MixedSource(own=PlayroomSource(split=check_split(split)), sets=sets)
    weighed = file.weigh(source.offers())
    return ChosenData(title=file.title, source=source, mixture=weighed.mixture, absent=weighed.absent)
