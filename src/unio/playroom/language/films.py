"""What is told of films: captions, questions with short answers, and the words that matter in them."""

import numpy as np

from unio.playroom.films import Film
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.questions import Question
from unio.playroom.language.words import sentence, with_article
from unio.playroom.things import ALL_SHAPES, COLOURS, Thing

__all__ = ["FILM_WORDS", "film_caption", "film_facts", "film_question", "plain_name"]

FILM_WORDS = (*COLOURS, *ALL_SHAPES, "falls", "rolls", "hits", "slides", "lifted")
"""Words of which a caption of a film must use the right ones and no other."""

_CAPTIONS = {
    "fall": ("{mover} falls on the floor", "{mover} falls down", "here {mover} falls to the ground"),
    "roll": ("{mover} rolls over the floor", "{mover} rolls along", "here {mover} rolls across the floor"),
    "hit": ("{mover} hits {other}", "here {mover} hits {other}", "{mover} comes along and hits {other}"),
    "slide": ("{mover} slides to {other}", "{mover} slides up to {other}", "here {mover} slides to {other}"),
    "lift": (
        "{mover} is lifted and put {goal} {other}",
        "{mover} is lifted and set down {goal} {other}",
        "here {mover} is lifted and placed {goal} {other}",
    ),
}
_DOES = {"fall": "falls", "roll": "rolls", "hit": "hits", "slide": "slides", "lift": "lifted"}

_WHAT_MOVES = (
    "What colour is the thing that moves first?",
    "Which colour has the thing that starts to move?",
    "Name the colour of the thing that moves first.",
)
_WHICH_SHAPE = (
    "What shape is the thing that moves first?",
    "Which shape has the thing that starts to move?",
    "Name the shape of the thing that moves first.",
)
_WHAT_HAPPENS = (
    "What does the {mover} do: fall, roll, hit, slide or lift?",
    "What happens to the {mover}: fall, roll, hit, slide or lift?",
    "Which is it for the {mover}: fall, roll, hit, slide or lift?",
)
_WHAT_OTHER = {
    "hit": ("What shape is the thing that is hit?", "What shape has the thing that the {mover} hits?"),
    "slide": ("What shape is the thing that the {mover} slides to?",),
    "lift": ("What shape is the thing {goal} which the {mover} is put?",),
}
_BESIDE = {"left of": "to the left of", "right of": "to the right of"}


def plain_name(thing: Thing) -> str:
    """Colour and shape: ``"red ball"``."""
    return f"{thing.colour} {thing.shape}"


def film_caption(made: Film, rng: np.random.Generator) -> str:
    """One sentence of who does what: ``"A red ball hits a blue box."``."""
    return sentence(pick(_CAPTIONS[made.verb], rng).format(**_names(made)))


def film_facts(made: Film) -> tuple[str, ...]:
    """The words of `FILM_WORDS` that a true caption holds."""
    things = made.episode.scenes[0].things
    told = [things[made.mover]] + ([things[made.other]] if made.other is not None else [])
    words = [word for thing in told for word in (thing.colour, thing.shape)]
    return tuple(dict.fromkeys([*words, _DOES[made.verb]]))


def film_question(made: Film, rng: np.random.Generator) -> Question:
    """A question about who moves, what it does, or to whom, with a short answer."""
    thing = made.episode.scenes[0].things[made.mover]
    kinds = ["colour", "shape", "action"] + (["other"] if made.other is not None else [])
    kind = pick(kinds, rng)
    if kind == "other" and made.other is not None:
        goal = _BESIDE.get(made.goal or "", made.goal or "")
        text = pick(_WHAT_OTHER[made.verb], rng).format(mover=plain_name(thing), goal=goal)
        return Question(kind=kind, text=text, answer=made.episode.scenes[0].things[made.other].shape)
    if kind == "action":
        text = pick(_WHAT_HAPPENS, rng).format(mover=plain_name(thing))
        return Question(kind=kind, text=text, answer=made.verb)
    if kind == "colour":
        return Question(kind=kind, text=pick(_WHAT_MOVES, rng), answer=thing.colour)
    return Question(kind=kind, text=pick(_WHICH_SHAPE, rng), answer=thing.shape)


def _names(made: Film) -> dict[str, str]:
    things = made.episode.scenes[0].things
    return {
        "mover": with_article(plain_name(things[made.mover])),
        "other": "" if made.other is None else with_article(plain_name(things[made.other])),
        "goal": _BESIDE.get(made.goal or "", made.goal or ""),
    }
