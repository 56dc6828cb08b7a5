"""Records of families that hear or make a sound: one thing falls on the floor."""

from functools import lru_cache
from typing import Any

import numpy as np

from unio.data.sources.playroom.judge import heard_material
from unio.data.sources.playroom.views import Setting
from unio.playroom import Episode, drop_episode
from unio.playroom.language import (
    SOUND_WORDS,
    heard_fall,
    sound_caption,
    sound_description,
    sound_tags,
)

__all__ = ["audio_caption_record", "audio_tag_record", "from_text_record"]

Fields = dict[str, Any]


def from_text_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A clause that tells what falls, its sound, and the material that must be heard."""
    episode = _fall(setting)
    heard = heard_fall(episode)
    if heard is None:
        return None
    return {
        "description": sound_description(heard, rng),
        "sound": episode.waveform,
        "label": heard.thing.material,
        "judge": heard_material,
    }


def audio_tag_record(setting: Setting, rng: np.random.Generator) -> Fields | None:  # noqa: ARG001
    """A sound with its material, the size of what fell, and the hits."""
    episode = _fall(setting)
    heard = heard_fall(episode)
    return None if heard is None else {"audio": episode.waveform, "tags": sound_tags(heard)}


def audio_caption_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A sound, a sentence, and the words that matter in it."""
    episode = _fall(setting)
    heard = heard_fall(episode)
    if heard is None:
        return None
    return {
        "audio": episode.waveform,
        "caption": sound_caption(heard, rng),
        "facts": (heard.thing.size, heard.thing.material),
        "words": SOUND_WORDS,
    }


@lru_cache(maxsize=32)
def _fall(setting: Setting) -> Episode:
    """One thing alone falls, so that what is heard has one material."""
    return drop_episode(setting.seed, setting.split, count=(1, 1), world=setting.world)
