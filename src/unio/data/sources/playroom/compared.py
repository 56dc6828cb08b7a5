"""Records of two pictures: what was changed, what both show, and how everything moved."""

from functools import lru_cache
from typing import Any

import numpy as np

from unio.core import random_stream
from unio.data.sources.playroom.pointed import THING_WORDS
from unio.data.sources.playroom.views import Setting, View, look, still_view
from unio.data.tasks.optical_flow import REACH
from unio.data.tasks.scoring.pictures import changed_pixels
from unio.playroom import Episode, Scene, optical_flow, render, roll_episode
from unio.playroom.language import edit_instruction
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.naming import attributes_of, noun_phrase
from unio.playroom.language.words import sentence, with_article

__all__ = ["DIFFERENCE_WORDS", "difference_record", "flow_record", "pair_question_record"]

Fields = dict[str, Any]

DIFFERENCE_WORDS: tuple[str, ...] = (*THING_WORDS, "gone", "new")
"""All words that tell one change from another."""

_LEAST_CHANGE = 0.002
_SECONDS = 1.0
_MOVES = 0.01
"""Sides of the picture that a pixel must move to count, as in the task's score."""
_CHANGED = ("the {name} is now {value}", "the {name} has become {value}", "the {name} turned {value}")
_NEW_SHAPE = (
    "the {name} is now a {value}",
    "the {name} has become a {value}",
    "the {name} turned into a {value}",
)
_NEW_MATERIAL = ("the {name} is now made of {value}", "the {name} is of {value} now")
_GONE = ("the {name} is gone", "gone is the {name}", "what is gone is the {name}")
_NEW = ("the {name} is new", "there is a new {name}", "what is new is the {name}")
_BOTH = ("is there {name} in both pictures?", "do both pictures show {name}?")
_WHERE = ("which picture shows {name}, the first or the second?", "in which picture is there {name}?")
_MORE = ("which picture shows more things?", "are there more things in the first or the second picture?")


def difference_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture before and after an edit of one thing, and a sentence about it.

    The thing is told by colour and shape; None where that means several, or hardly anything changes. What is
    taken away in one order of the pictures has come in the other.
    """
    view = still_view(setting)
    edit = edit_instruction(view.scene, view.sight, rng)
    one = None if edit is None else view.sight.by_index(edit.index)
    if edit is None or one is None:
        return None
    attributes = attributes_of(one, ("colour", "shape"))
    if len(view.sight.matching(attributes)) > 1:
        return None
    pictures = [view.frame.rgb, look(edit.result, setting.size).frame.rgb]
    if changed_pixels(*pictures).mean() < _LEAST_CHANGE:
        return None
    value, phrases = edit.value, _CHANGED
    if edit.kind == "remove":
        value, phrases = "gone", _GONE
        if rng.random() < 0.5:
            pictures.reverse()
            value, phrases = "new", _NEW
    elif edit.kind == "shape":
        phrases = _NEW_SHAPE
    elif edit.kind == "material":
        phrases = _NEW_MATERIAL
    return {
        "image_history": (pictures[0],),
        "image": pictures[1],
        "caption": sentence(pick(phrases, rng).format(name=noun_phrase(attributes), value=value)),
        "facts": (*attributes.values(), value),
        "words": DIFFERENCE_WORDS,
    }


def pair_question_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """Two pictures of different scenes, and a question about what both or one of them shows.

    None where a scene hides one of its things, or the question that is drawn cannot be asked.
    """
    first, second = still_view(setting), _partner(setting)
    if any(len(view.sight) < len(view.scene.things) for view in (first, second)):
        return None
    kind = pick(("both", "where", "more"), rng)
    if kind == "more":
        asked = _which_has_more(len(first.sight), len(second.sight), rng)
    else:
        asked = _what_is_where(first.scene, second.scene, kind, rng)
    if asked is None:
        return None
    question, answer = asked
    return {
        "image_history": (first.frame.rgb,),
        "image": second.frame.rgb,
        "question": question[0].upper() + question[1:],
        "answer": answer,
        "kind": kind,
    }


def flow_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """Two neighbouring frames of something that rolls or is hit, and the way of every pixel.

    None where hardly a pixel moves, or one moves further than the task can tell.
    """
    scenes = _rolling(setting).scenes
    place = int(rng.integers(len(scenes) - 1))
    before, after = scenes[place], scenes[place + 1]
    flow = optical_flow(before, after, size=setting.size)
    length = np.linalg.norm(flow, axis=2) / setting.size
    if (length > _MOVES).mean() < _LEAST_CHANGE or length.max() > REACH:
        return None
    pictures = [render(scene, size=setting.size).rgb for scene in (before, after)]
    return {"image_history": (pictures[0],), "image": pictures[1], "flow": flow}


def _which_has_more(first: int, second: int, rng: np.random.Generator) -> tuple[str, str] | None:
    if first == second:
        return None
    return pick(_MORE, rng), "first" if first > second else "second"


def _what_is_where(
    first: Scene, second: Scene, kind: str, rng: np.random.Generator
) -> tuple[str, str] | None:
    """A question about a colour or a shape that one or both have; yes and no are drawn equally often."""
    attribute = pick(("colour", "shape"), rng)
    values = [sorted({str(getattr(thing, attribute)) for thing in scene.things}) for scene in (first, second)]
    common = [value for value in values[0] if value in values[1]]
    alone = [[value for value in own if value not in common] for own in values]
    if kind == "both":
        answer = pick(("yes", "no"), rng)
        candidates = common if answer == "yes" else alone[0] + alone[1]
    else:
        answer = pick(("first", "second"), rng)
        candidates = alone[("first", "second").index(answer)]
    if not candidates:
        return None
    phrase = pick(_BOTH if kind == "both" else _WHERE, rng)
    return phrase.format(name=with_article(noun_phrase({attribute: pick(candidates, rng)}))), answer


@lru_cache(maxsize=16)
def _partner(setting: Setting) -> View:
    """The other scene of a pair."""
    rng = random_stream(setting.seed, "playroom", "pair", setting.split)
    seed = int(rng.integers(2**62))
    return still_view(Setting(seed=seed, split=setting.split, size=setting.size, world=setting.world))


@lru_cache(maxsize=16)
def _rolling(setting: Setting) -> Episode:
    return roll_episode(
        setting.seed, setting.split, seconds=_SECONDS, world=setting.world, with_contacts=False
    )
