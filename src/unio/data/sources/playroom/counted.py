"""Records of `count_hits`: one to three things fall, and how often anything plainly hits anything."""

from functools import lru_cache
from typing import Any

import numpy as np

from unio.data.sources.playroom.views import Setting
from unio.playroom import Episode, drop_episode
from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact

__all__ = ["count_hits_record", "falling_things", "plain_hits"]

_LOUD, _FAINT = 0.25, 0.2
"""Changes of speed in m/s: a hit of the first counts, one below the second is not noticed."""
_APART, _TOGETHER = 0.06, 0.05
"""Seconds between two hits: from the first on they are two, up to the second they are heard as one."""


def count_hits_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A sound and the number of its hits; None where that is a matter of taste."""
    del rng
    episode = falling_things(setting)
    count = plain_hits(episode)
    return None if count is None else {"audio": episode.waveform, "count": count}


@lru_cache(maxsize=16)
def falling_things(setting: Setting) -> Episode:
    """One to three things fall on the floor and on each other."""
    return drop_episode(setting.seed, setting.split, count=(1, 3), world=setting.world)


def plain_hits(episode: Episode) -> int | None:
    """How often something is hit in an episode, by the hits that change a thing's speed.

    None if the simulation failed, or there is no hit, or one that some would count and others not: neither
    loud nor faint, or neither apart from the one before nor together with it.
    """
    if not episode.is_stable:
        return None
    hits, last = 0, -1.0
    for contact in episode.contacts:
        speed, gap = _speed(episode, contact), contact.time - last
        if speed < _FAINT or (hits and gap <= _TOGETHER):
            continue
        if speed < _LOUD or (hits and gap < _APART):
            return None
        hits, last = hits + 1, contact.time
    return hits or None


def _speed(episode: Episode, contact: Contact) -> float:
    """The change of speed, in m/s, that a hit gives the lighter partner."""
    things = [episode.scenes[0].things[index] for index in (contact.thing, contact.other) if index >= 0]
    return contact.impulse / min(nominal_mass(thing.material, thing.size) for thing in things)
