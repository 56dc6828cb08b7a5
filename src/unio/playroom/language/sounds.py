"""What is told of a sound: what fell, how often it hit the floor."""

from dataclasses import dataclass

import numpy as np

from unio.playroom.bodies import nominal_mass
from unio.playroom.episode import Episode
from unio.playroom.language.drawing_lots import pick
from unio.playroom.language.naming import noun_phrase
from unio.playroom.language.words import NUMBER_WORDS, sentence, with_article
from unio.playroom.things import MATERIALS, SIZES, Thing

__all__ = ["SOUND_WORDS", "HeardFall", "heard_fall", "sound_caption", "sound_description", "sound_tags"]

SOUND_WORDS = (*MATERIALS, *SIZES)
"""Words of which a sound caption must use the right ones and no other."""

_LEAST_SPEED = 0.25
_APART = 0.05
_MOST_COUNTED = 4

_DESCRIPTIONS = (
    "{thing} falls on the floor",
    "{thing} drops to the floor",
    "{thing} hits the floor",
    "{thing} is dropped",
    "{thing} falls down",
    "{thing} lands on the floor",
    "{thing} bumps on the ground",
    "{thing} tumbles to the ground",
)
_CAPTIONS = (
    "{something} falls on the floor",
    "{something} hits the floor {times}",
    "{something} drops and hits the ground {times}",
    "the sound of {something} that falls down",
    "{something} is dropped on the floor",
    "one hears {something} hit the floor {times}",
    "{something} lands on the ground",
    "{times}, {something} bumps on the floor",
)
_SOMETHING = (
    "something {size} made of {material}",
    "a {size} thing of {material}",
    "a {size} {material} thing",
    "a {size} object made of {material}",
)


@dataclass(frozen=True, kw_only=True)
class HeardFall:
    """One thing that fell, and how many hits can be told apart."""

    thing: Thing
    hits: int

    @property
    def times(self) -> str:
        """The number of hits in words: "once", "twice", "three times", "many times"."""
        if self.hits > _MOST_COUNTED:
            return "many times"
        return {1: "once", 2: "twice"}.get(self.hits, f"{NUMBER_WORDS[self.hits]} times")


def heard_fall(episode: Episode) -> HeardFall | None:
    """What is heard of an episode in which one thing falls; None if nothing hits loudly enough.

    A hit counts if it changes the thing's speed by 0.25 m/s and comes 0.05 s after the last that counted.
    """
    (thing,) = episode.scenes[0].things
    mass = nominal_mass(thing.material, thing.size)
    hits, last = 0, -1.0
    for contact in episode.contacts:
        if contact.impulse / mass >= _LEAST_SPEED and contact.time - last >= _APART:
            hits, last = hits + 1, contact.time
    return HeardFall(thing=thing, hits=hits) if hits else None


def sound_description(heard: HeardFall, rng: np.random.Generator) -> str:
    """A clause that asks for the sound: ``"a large metal ball falls on the floor"``."""
    thing = heard.thing
    details = (
        {"size": thing.size, "material": thing.material, "shape": thing.shape},
        {"material": thing.material, "shape": thing.shape},
        {"size": thing.size, "material": thing.material},
    )
    return pick(_DESCRIPTIONS, rng).format(thing=with_article(noun_phrase(pick(details, rng))))


def sound_caption(heard: HeardFall, rng: np.random.Generator) -> str:
    """A sentence of what can be heard: size, material, and now and then the number of hits."""
    something = pick(_SOMETHING, rng).format(size=heard.thing.size, material=heard.thing.material)
    return sentence(pick(_CAPTIONS, rng).format(something=something, times=heard.times))


def sound_tags(heard: HeardFall) -> tuple[str, ...]:
    """Material, size, hits: ``("metal", "large", "2 hits")``."""
    number = "many" if heard.hits > _MOST_COUNTED else str(heard.hits)
    return heard.thing.material, heard.thing.size, f"{number} hit{'' if heard.hits == 1 else 's'}"
