"""`MixedSource`: data sets on disk beside the playroom, one source of tasks named ``DATA SET/FAMILY``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from unio.core import ConfigError, InputError
from unio.data.batches import Source
from unio.data.mixture_file import OWN, Offers
from unio.data.sources.builder import load_builder
from unio.data.sources.read_source import ReadSource
from unio.schema import Example

__all__ = ["EndlessSource", "MixedSource", "open_data_sets"]


class EndlessSource(Source, Protocol):
    """A source that makes as many examples as are asked for, such as the playroom."""

    def families(self) -> list[str]:
        """Names of the tasks that it has data for."""
        ...


@dataclass(frozen=True, kw_only=True)
class MixedSource:
    """Examples of several sources: ``vqav2/vqa`` is family ``vqa`` of data set ``vqav2``, ``vqa`` of ``own``.

    The index is passed on as it is: each data set has its own shuffled order over it, so a mixture draws a
    random place of that order, and every entry is as likely as any other of its data set.
    """

    own: EndlessSource | None = None
    sets: Mapping[str, ReadSource] = field(default_factory=dict[str, ReadSource])

    def offers(self) -> Offers:
        """What there is: data set -> family -> entries. Opens every data set."""
        offered: dict[str, dict[str, int | None]] = {}
        if self.own is not None:
            offered[OWN] = dict.fromkeys(self.own.families())
        for name, source in self.sets.items():
            offered[name] = {task: source.reader.count(task) for task in source.families()}
        return offered

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of an entry of a mixture.

        Raises ``ConfigError`` for a data set that is not there, ``InputError`` for a broken entry, with the
        data set and the place where it stands.
        """
        name, _, family = task.rpartition("/")
        if not name:
            if self.own is None:
                raise ConfigError("no source of its own has this task", got=task, expected="data set/task")
            return self.own.example(task, seed, index)
        if name not in self.sets:
            raise ConfigError(
                "no such data set",
                got=task,
                expected=f"one of {', '.join(self.sets) or 'none: no folder is named'}",
                fix="name its folder in source.folders",
            )
        try:
            return self.sets[name].example(family, seed, index)
        except InputError as error:
            raise InputError(f"data set {name}: {error}") from error


def open_data_sets(
    folders: Mapping[str, Path], *, builders: Path, split: str = "train"
) -> dict[str, ReadSource]:
    """The data sets in ``folders``, each read as the builder ``NAME.yaml`` in the folder ``builders`` says.

    Raises ``ConfigError`` for a data set without builder or split, ``InputError`` for a folder that does not
    hold what it should.
    """
    sets: dict[str, ReadSource] = {}
    for name, folder in folders.items():
        path = builders / f"{name}.yaml"
        if not path.is_file():
            known = ", ".join(sorted(one.stem for one in builders.glob("*.yaml")))
            raise ConfigError(
                f"no builder describes the data set {name!r}",
                got=f"no {path}",
                expected=f"one of {known or 'none'}",
                fix="write one, as in docs/data.md, and name its folder in source.builders",
            )
        sets[name] = ReadSource(load_builder(path), folder, split)
        _ = sets[name].reader  # opened now: a folder that is wrong stops the run before it begins
    return sets
