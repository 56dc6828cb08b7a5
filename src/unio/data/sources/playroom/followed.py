"""Records of families that say where in a film something is: followed, acting, or sounding.

Their films are of the full world, whichever world the source is of.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from unio.data.sources.playroom.filmed import DEEDS, LEAST_SEEN, film_view, shows_its_deed
from unio.data.sources.playroom.views import Setting
from unio.playroom import Episode, Frame, drop_episode, render
from unio.playroom.sound import sound_energies

__all__ = ["action_localise_record", "sound_localise_record", "track_record"]

Fields = dict[str, Any]

_MOVER_SHARE = 0.75
"""How often the thing that moves is followed, rather than one that may rest."""
_LOUDER = 4.0
"""Times the energy of any other thing that the loudest one has: 6 dB."""
_LEAST_ENERGY = 1.0
_FRAME_STEP = 5


def track_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film without sound and the boxes of one thing in its first and its last frame."""
    view = film_view(setting)
    count = len(view.made.scenes[0].things)
    index = view.made.mover if rng.random() < _MOVER_SHARE else int(rng.integers(count))
    if not (view.sees(0, index) and view.sees(-1, index)):
        return None
    boxes = {"first_box": view.box(0, index), "box": view.box(-1, index)}
    return {**view.video(with_sound=False), **boxes}


def action_localise_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film with the box of who acts in its last frame and the name of the action."""
    del rng
    view = film_view(setting)
    if not shows_its_deed(view):
        return None
    return {
        **view.video(),
        "boxes": view.box(-1, view.made.mover)[None],
        "labels": (DEEDS[view.made.verb],),
    }


def sound_localise_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """Two to four things fall; the box in the last frame of the one that plainly sounds loudest."""
    del rng
    episode = _falls(setting)
    if not episode.is_stable:
        return None
    first = episode.scenes[0]
    energies = sound_energies(episode.contacts, first.things, seconds=episode.seconds, seed=first.seed)
    loudest = int(energies.argmax())
    others = np.delete(energies, loudest)
    if energies[loudest] < max(_LEAST_ENERGY, _LOUDER * float(others.max(initial=0.0))):
        return None
    frames = _fall_frames(setting)
    if frames[-1].pixel_counts()[loudest] < LEAST_SEEN * frames[-1].ids.size:
        return None
    return {
        "image_history": tuple(frame.rgb for frame in frames[:-1]),
        "image": frames[-1].rgb,
        "audio": episode.waveform,
        "box": frames[-1].boxes()[loudest] * setting.size,
    }


@lru_cache(maxsize=16)
def _falls(setting: Setting) -> Episode:
    return drop_episode(setting.seed, setting.split, count=(2, 4), world="full")


@lru_cache(maxsize=8)
def _fall_frames(setting: Setting) -> tuple[Frame, ...]:
    """Frames half a second apart, as those of a film."""
    return tuple(render(scene, size=setting.size) for scene in _falls(setting).scenes[::_FRAME_STEP])
