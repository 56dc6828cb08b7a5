"""`Builder`: one data set, described: whose it is, how to get it, what folder it fills, how that is read.

Builders are YAML files::

    name: vqav2
    title: VQAv2, open questions about COCO pictures
    licence: annotations CC BY 4.0; pictures under the terms of Flickr
    availability: open
    get: visualqa.org, "VQA Annotations, Balanced Real Images", and COCO's 2014 pictures
    folder: v2_OpenEnded_mscoco_train2014_questions.json, v2_mscoco_train2014_annotations.json, train2014/
    reader:
      kind: vqa
      questions: v2_OpenEnded_mscoco_{split}2014_questions.json
      ...
    splits: {train: train, test: val}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field

from unio.core import Config, ConfigError, InputError, load_config, validate_config
from unio.data.augmentation import with_derived
from unio.data.sources.audio_table import AudioTable
from unio.data.sources.class_folders import ClassFolders
from unio.data.sources.coco import CocoCaptions, CocoInstances, CocoKeypoints, CocoPanoptic
from unio.data.sources.conversations import Conversations
from unio.data.sources.depth_pairs import DepthPairs
from unio.data.sources.furniture import Furniture
from unio.data.sources.lerobot import LeRobot
from unio.data.sources.reader import Reader
from unio.data.sources.refcoco import RefCoco
from unio.data.sources.table import HuggingFace, Table
from unio.data.sources.track_folders import TrackFolders
from unio.data.sources.visual_genome import VisualGenome
from unio.data.sources.vqav2 import Vqa
from unio.data.sources.webdataset import WebDataset

__all__ = ["Availability", "Builder", "ReaderConfig", "load_builder"]

ReaderConfig = Annotated[
    AudioTable
    | ClassFolders
    | CocoCaptions
    | CocoInstances
    | CocoKeypoints
    | CocoPanoptic
    | Conversations
    | DepthPairs
    | Furniture
    | HuggingFace
    | LeRobot
    | RefCoco
    | Table
    | TrackFolders
    | VisualGenome
    | Vqa
    | WebDataset,
    Field(discriminator="kind"),
]
"""Every format there is, told apart by ``kind``."""


Availability = Literal[
    "open", "in part", "links only", "on request", "never released", "gone", "made here", "unknown"
]
"""Whether a data set can still be had.

``open``: by anyone, maybe after a registration; ``on request``: by those whose agreement is accepted;
``links only``: addresses of media of which some are gone; ``in part``: what is left of it; ``made here``: by
a command of unio.
"""


class Builder(Config):
    """A data set and how to open it."""

    name: str = Field(description="What mixtures and folders call it.")
    title: str = Field(description="What it is, in a line.")
    licence: str = Field(description="Under which terms its annotations and media may be used.")
    availability: Availability = Field(default="unknown", description="Whether it can still be had.")
    get: str = Field(description="Where it can be had today, or that it no longer can.")
    folder: str = Field(description="What its folder must hold.")
    reader: ReaderConfig = Field(description="Its format; {split} in a name stands for the split's own name.")
    splits: dict[str, str] = Field(
        default_factory=lambda: {"train": "train"},
        description="unio's split -> the data set's own name of it.",
    )

    def open(self, folder: str | Path, *, split: str = "train") -> Reader:
        """Open the data set in ``folder``, with the families that follow from its own.

        Raises ``ConfigError`` for a split that it has not, ``InputError`` for a folder that does not hold
        what it should, with where to get it.
        """
        if split not in self.splits:
            raise ConfigError(f"{self.name} has no such split", got=split, expected=", ".join(self.splits))
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(
                f"{self.name} is not there",
                got=f"no folder {folder}",
                expected=self.folder,
                fix=f"get it: {self.get}",
            )
        named = _with_split(self.reader.model_dump(), self.splits[split])
        reader = validate_config(type(self.reader), named, where=f"builder {self.name}")
        try:
            return with_derived(reader.open(folder))
        except InputError as error:
            if any(folder.iterdir()):
                raise
            raise InputError(
                f"{self.name} is not there: {error}",
                got=f"the empty folder {folder}",
                expected=self.folder,
                fix=f"get it: {self.get}",
            ) from error


def load_builder(path: str | Path) -> Builder:
    """A builder's YAML file. Raises ``ConfigError``."""
    return load_config(Builder, path)


def _with_split(value: Any, split: str) -> Any:
    """``value`` with ``{split}`` filled in in every text."""
    if isinstance(value, str):
        return value.replace("{split}", split)
    if isinstance(value, Mapping):
        return {key: _with_split(one, split) for key, one in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list | tuple):
        return tuple(_with_split(one, split) for one in cast(list[Any], value))
    return value
