"""`MixtureFile`: a mixture as people write it, groups of parts with rates, weighed for the data there is.

A file gives rates in percent to named parts; a part names task families and the data sets they come from::

    title: what it is
    temperature: 2
    groups:
      image understanding:
        rate: 17.8
        parts:
          VQA: {rate: 6.23, tasks: [vqa], data: [vqav2, visual_genome], sets: 31}

Within a part, a family of a data set with n entries weighs n ** (1 / temperature): 2 is the paper's square
root of the size. What is not there leaves its share to the rest of its group, a group without anything to
the other groups. Rates of the paper: arXiv 2312.17172, tables 10 and 11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, field_validator

from unio.core import Config, ConfigError, load_config
from unio.data.augmentation import DERIVED
from unio.data.mixture import Mixture

__all__ = [
    "OWN",
    "MixtureEntry",
    "MixtureFile",
    "MixtureGroup",
    "MixturePart",
    "Offers",
    "WeighedMixture",
    "load_mixture",
    "shipped_mixtures",
]

OWN = ""
"""The name of the data that a part without ``data`` is drawn from: the run's own source, the playroom."""

Offers = Mapping[str, Mapping[str, int | None]]
"""Data set -> family -> its entries; None for a source without end. `OWN` is the run's own source."""

SHIPPED = Path(__file__).parent / "mixtures"


class MixturePart(Config):
    """Families and data sets that share one rate."""

    rate: float = Field(ge=0, description="Share of the examples, in percent of all or of any other sum.")
    tasks: tuple[str, ...] = Field(
        default=(), description="Task families; none: every one that the data sets bring, none that follows."
    )
    data: tuple[str, ...] = Field(default=(), description="Data sets; none: the run's own source.")
    sets: int | None = Field(default=None, gt=0, description="Number of data sets that the paper counts.")


class MixtureGroup(Config):
    """Parts that stand together in the paper's tables."""

    rate: float | None = Field(
        default=None,
        ge=0,
        description="Rate of the group, however much of it is there; None: its parts' sum.",
    )
    parts: dict[str, MixturePart] = Field(min_length=1, description="Name -> part.")

    @property
    def total(self) -> float:
        """The group's rate."""
        return sum(part.rate for part in self.parts.values()) if self.rate is None else self.rate


@dataclass(frozen=True, kw_only=True)
class MixtureEntry:
    """One family of one data set; ``share`` is the probability that an example is of it."""

    group: str
    part: str
    data: str
    task: str
    size: int | None
    share: float

    @property
    def name(self) -> str:
        """What the mixture calls it: ``vqav2/vqa``, or ``vqa`` of the own source."""
        return f"{self.data}/{self.task}" if self.data else self.task


@dataclass(frozen=True, kw_only=True)
class WeighedMixture:
    """A mixture file weighed for the data there is. ``absent`` names what is not, as ``part: data/task``."""

    entries: tuple[MixtureEntry, ...]
    absent: tuple[str, ...] = ()

    @property
    def mixture(self) -> Mixture:
        """What to draw from. An entry that several parts name has the sum of their shares."""
        weights: dict[str, float] = {}
        for entry in self.entries:
            weights[entry.name] = weights.get(entry.name, 0.0) + entry.share
        return Mixture(weights=weights)


class MixtureFile(Config):
    """Groups of parts, with rates."""

    title: str = Field(description="What it is, in a line.")
    temperature: float = Field(
        default=2.0,
        gt=0,
        description="A data set of n entries weighs n ** (1 / temperature) within its part: 1 by size, 2 by "
        "its root, more towards even.",
    )
    groups: dict[str, MixtureGroup] = Field(min_length=1, description="Name -> group.")

    @field_validator("groups")
    @classmethod
    def _some_rate(cls, groups: Mapping[str, MixtureGroup]) -> dict[str, MixtureGroup]:
        if sum(group.total for group in groups.values()) <= 0:
            raise ValueError("at least one rate above 0")
        return dict(groups)

    def weigh(self, offers: Offers) -> WeighedMixture:
        """The entries that ``offers`` holds, with their shares, which sum to 1.

        Example, two data sets of a part, one four times as large as the other::

            offers {"a": {"vqa": 100}, "b": {"vqa": 400}}, temperature 2  ->  a/vqa 1/3, b/vqa 2/3

        Raises ``ConfigError`` if nothing of the mixture is there.
        """
        entries: list[MixtureEntry] = []
        absent: list[str] = []
        totals = {name: group.total for name, group in self.groups.items()}
        for name, group in self.groups.items():
            found = list(self._entries(name, group, offers, absent))
            there = sum(entry.share for entry in found)
            if there > 0:
                entries += [_scaled(entry, totals[name] / there) for entry in found]
        whole = sum(entry.share for entry in entries)
        if whole <= 0:
            raise ConfigError(
                f"nothing of the mixture {self.title!r} is there",
                got=", ".join(data or "the own source" for data in offers) or "no data set",
                expected=f"such as {', '.join(absent[:3])}",
                fix="name the data sets' folders in source.folders",
            )
        return WeighedMixture(entries=tuple(_scaled(one, 1 / whole) for one in entries), absent=tuple(absent))

    def _entries(
        self, name: str, group: MixtureGroup, offers: Offers, absent: list[str]
    ) -> Iterator[MixtureEntry]:
        """The entries there are, with rates in place of shares; what is not there is put into ``absent``."""
        for part_name, part in group.parts.items():
            sizes = _sizes(part_name, part, offers, absent)
            weights = {
                key: 1.0 if size is None else size ** (1 / self.temperature) for key, size in sizes.items()
            }
            whole = sum(weights.values())
            for (data, task), weight in weights.items():
                share = part.rate * weight / whole
                size = sizes[data, task]
                yield MixtureEntry(group=name, part=part_name, data=data, task=task, size=size, share=share)


def load_mixture(name: str | Path) -> MixtureFile:
    """A shipped mixture by name, or a YAML file's. Raises ``ConfigError`` naming those there are."""
    if str(name) in shipped_mixtures():
        return load_config(MixtureFile, SHIPPED / f"{name}.yaml")
    if not Path(name).is_file():
        raise ConfigError(
            "no such mixture", got=str(name), expected=f"a YAML file, or {', '.join(shipped_mixtures())}"
        )
    return load_config(MixtureFile, name)


def shipped_mixtures() -> list[str]:
    """Names of the mixtures that come with unio."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def _sizes(
    name: str, part: MixturePart, offers: Offers, absent: list[str]
) -> dict[tuple[str, str], int | None]:
    """(Data set, family) -> entries, of what a part names and ``offers`` holds."""
    found: dict[tuple[str, str], int | None] = {}
    for data in part.data or (OWN,):
        offered = offers.get(data, {})
        own = tuple(task for task in offered if task not in DERIVED)
        for task in part.tasks or own or ("any",):
            if task in offered and offered[task] != 0:
                found[data, task] = offered[task]
            else:
                absent.append(f"{name}: {data}/{task}" if data else f"{name}: {task}")
    return found


def _scaled(entry: MixtureEntry, factor: float) -> MixtureEntry:
    return MixtureEntry(
        group=entry.group,
        part=entry.part,
        data=entry.data,
        task=entry.task,
        size=entry.size,
        share=entry.share * factor,
    )
