"""Records of `count_hits`: one thing falls, and how often it plainly hits the floor."""

from typing import Any

import numpy as np

from unio.data.sources.playroom.heard import fall_episode
from unio.data.sources.playroom.views import Setting
from unio.playroom import Episode
from unio.playroom.bodies import nominal_mass

__all__ = ["count_hits_record", "plain_hits"]

_LOUD, _FAINT = 0.3, 0.15
"""Changes of speed in m/s: a hit of the first counts, one below the second is not noticed."""
_APART, _TOGETHER = 0.08, 0.035
"""Seconds between two hits: from the first on they are two, up to the second they are heard as one."""


def count_hits_record(setting: Setting, rng: np.random.Generator) -> dict[str, Any] | None:
    """A sound and the number of its hits; None where that is a matter of taste."""
    del rng
    episode = fall_episode(setting)
    count = plain_hits(episode)
    return None if count is None else {"audio": episode.waveform, "count": count}


def plain_hits(episode: Episode) -> int | None:
    """How often the one thing of an episode hits the floor, by the hits that change its speed.

    None if there is no hit, or one that some would count and others not: neither loud nor faint, or neither
    apart from the one before nor together with it.
    """
    (thing,) = episode.scenes[0].things
    mass = nominal_mass(thing.material, thing.size)
    hits, last = 0, -1.0
    for contact in episode.contacts:
        speed, gap = contact.impulse / mass, contact.time - last
        if speed < _FAINT or (hits and gap <= _TOGETHER and speed < 1.0):
            continue
        if speed < _LOUD or (hits and gap < _APART):
            return None
        hits, last = hits + 1, contact.time
    return hits or None
