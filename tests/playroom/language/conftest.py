"""Ten rendered scenes of each split (200 by `make truth`), and a reader of the playroom's English.

The reader shares no code with the grammar: it finds noun phrases by its own pattern and takes relations
from the frame's pixels and the camera's numbers.
"""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from unio.playroom import Frame, Scene, render, sample_scene
from unio.playroom.language import Sight

NOUN = re.compile(
    r"(?:(small|large) )?(?:(red|orange|yellow|green|cyan|blue|purple|black) )?"
    r"(?:(rubber|wood|metal|glass) )?(ball|box|cylinder|capsule|cone|thing)(?:es|s)?\b"
)
SCENES = int(os.environ.get("UNIO_TRUTH_SCENES", "10"))
NUMBERS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A scene, its frame, what the grammar sees, and the reader's own measurements."""

    scene: Scene
    frame: Frame
    sight: Sight

    @property
    def seen(self) -> list[int]:
        counts = [int((self.frame.ids == index).sum()) for index in range(len(self.scene.things))]
        return [index for index, count in enumerate(counts) if count >= 25]

    def matching(self, attributes: Mapping[str, str]) -> list[int]:
        return [
            index
            for index in self.seen
            if all(getattr(self.scene.things[index], name) == value for name, value in attributes.items())
        ]

    def only(self, phrase: str) -> int:
        """The index of the one thing that a noun phrase names."""
        (index,) = self.matching(attributes(phrase))
        return index

    def column(self, index: int) -> float:
        x, y, z = self.scene.things[index].position
        camera = self.scene.camera
        right, _, back = camera.rotation.T
        local = np.array([x, y, z]) - camera.position
        return float(local @ right / -(local @ back))

    def nearness(self, index: int) -> float:
        azimuth = math.radians(self.scene.camera.azimuth)
        x, y, _ = self.scene.things[index].position
        return x * math.cos(azimuth) + y * math.sin(azimuth)

    def is_true(self, first: int, relation: str, second: int) -> bool:
        """Whether ``first`` is left of, right of, in front of or behind ``second``, by any margin."""
        return {
            "left of": self.column(first) < self.column(second),
            "right of": self.column(first) > self.column(second),
            "in front of": self.nearness(first) > self.nearness(second),
            "behind": self.nearness(first) < self.nearness(second),
        }[relation]


def attributes(phrase: str) -> dict[str, str]:
    """The attributes that the first noun phrase in a text names."""
    found = NOUN.search(phrase)
    assert found is not None, phrase
    named = dict(zip(("size", "colour", "material", "shape"), found.groups(), strict=True))
    return {name: value for name, value in named.items() if value not in (None, "thing")}


def noun_phrases(text: str) -> list[str]:
    """All noun phrases of a text."""
    return [found.group() for found in NOUN.finditer(text)]


@pytest.fixture(scope="session")
def told() -> list[Told]:
    scenes = [sample_scene(seed, split) for split in ("train", "test", "novel") for seed in range(SCENES)]
    frames = [render(scene) for scene in scenes]
    return [
        Told(scene=scene, frame=frame, sight=Sight.of(scene, frame))
        for scene, frame in zip(scenes, frames, strict=True)
    ]


@pytest.fixture(scope="session")
def reader():
    """The reader's functions, for tests that cannot import this file."""

    class Reader:
        noun = NOUN
        numbers = NUMBERS
        attributes = staticmethod(attributes)
        noun_phrases = staticmethod(noun_phrases)

    return Reader
