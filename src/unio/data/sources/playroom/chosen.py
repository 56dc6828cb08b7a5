"""Records with answers to choose from, and riddles in words alone."""

from functools import lru_cache
from typing import Any

import numpy as np

from unio.data.sources.playroom.views import Setting, View, look, still_view
from unio.playroom import ALL_SHAPES, COLOURS, MATERIALS, SHAPES, SIZES, sample_full_scene, sample_scene
from unio.playroom.language import question
from unio.playroom.language.drawing_lots import pick, shuffled
from unio.playroom.sampling import draw_kind

__all__ = ["choose_record", "classify_record", "riddle_record"]

Fields = dict[str, Any]

_MOST_OPTIONS = 4
_FEWEST, _MOST = 3, 4
"""Things in a riddle."""
_ORDERS = (
    ("left of", "right of", "furthest to the left", "furthest to the right"),
    ("lighter than", "heavier than", "the lightest", "the heaviest"),
    ("lower than", "higher than", "the lowest", "the highest"),
    ("slower than", "faster than", "the slowest", "the fastest"),
)
"""What is said of the earlier to the later of two, the other way round, and of the first and the last."""


def classify_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A picture of one thing alone, and its shape among all shapes of the world."""
    del rng
    view = _alone(setting)
    shapes = SHAPES if setting.world == "first" else ALL_SHAPES
    return {"image": view.frame.rgb, "options": shapes, "label": view.scene.things[0].shape}


def choose_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, a question about it, and up to four answers of one kind, one of them right."""
    view = still_view(setting)
    asked = question(view.sight, rng)
    if asked is None:
        return None
    values = _values(asked.answer, setting)
    if values is None:
        return None
    others = shuffled([value for value in values if value != asked.answer], rng)[: _MOST_OPTIONS - 1]
    return {
        "image": view.frame.rgb,
        "question": asked.text,
        "options": tuple(shuffled([asked.answer, *others], rng)),
        "label": asked.answer,
    }


def riddle_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """Things in an order, told pair by pair in any order and either way round, and who is at an end.

    True to the split: outside ``novel`` no thing is a held-out combination; in it every one is.
    """
    names: list[str] = []
    count = int(rng.integers(_FEWEST, _MOST + 1))
    while len(names) < count:
        shape, colour, material, _ = draw_kind(rng, novel=setting.split == "novel")
        name = f"{colour} {material} {shape}"
        if name not in names:
            names.append(name)
    before, after, first, last = pick(_ORDERS, rng)
    told: list[str] = []
    for place in rng.permutation(count - 1).tolist():
        one, other = f"the {names[place]}", f"the {names[place + 1]}"
        words = f"{one} is {before} {other}." if rng.random() < 0.5 else f"{other} is {after} {one}."
        told.append(words[0].upper() + words[1:])
    is_first = rng.random() < 0.5
    asked = f"Which thing is {first if is_first else last}?"
    return {
        "instruction": " ".join([*told, asked]),
        "response": names[0 if is_first else -1],
    }


@lru_cache(maxsize=16)
def _alone(setting: Setting) -> View:
    sample = sample_scene if setting.world == "first" else sample_full_scene
    return look(sample(setting.seed, setting.split, count=(1, 1)), setting.size)


def _values(answer: str, setting: Setting) -> tuple[str, ...] | None:
    """The kind of answers that an answer is one of; None where it is of none."""
    shapes = SHAPES if setting.world == "first" else ALL_SHAPES
    numbers = tuple(str(number) for number in range(7))
    kinds = (("no", "yes"), tuple(COLOURS), shapes, MATERIALS, tuple(SIZES), numbers)
    return next((values for values in kinds if answer in values), None)
