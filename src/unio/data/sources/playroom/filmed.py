"""Records of families that watch a film whole: told, asked about, named, and given its sound.

Films are always of the full world, whichever world the source is of.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.data.sources.playroom.judge import heard_material
from unio.data.sources.playroom.views import Setting
from unio.playroom import Frame, render
from unio.playroom.films import Film, Verb, film
from unio.playroom.language.films import FILM_WORDS, film_caption, film_facts, film_question

__all__ = [
    "DEEDS",
    "FilmView",
    "film_view",
    "shows_its_deed",
    "video_caption_record",
    "video_class_record",
    "video_sound_record",
    "video_vqa_record",
]

Fields = dict[str, Any]

DEEDS: dict[Verb, str] = {
    "fall": "falling",
    "roll": "rolling",
    "hit": "hitting",
    "slide": "sliding",
    "lift": "lifting",
}
"""What each verb is called as the name of an action."""

LEAST_SEEN = 0.0015
"""Share of the picture that a thing must fill to be seen, as in `Sight`."""
_MOST_FRAMES_UNSEEN = 1
"""A thing held high above the floor may be out of one picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FilmView:
    """A film and its five frames with their truth."""

    made: Film
    frames: tuple[Frame, ...]

    def video(self, *, with_sound: bool = True) -> Fields:
        """The fields of a video: four earlier frames, the last one, and the sound of all."""
        pictures = tuple(frame.rgb for frame in self.frames)
        silent = {"image_history": pictures[:-1], "image": pictures[-1]}
        return {**silent, "audio": self.made.episode.waveform} if with_sound else silent

    def sees(self, frame: int, index: int) -> bool:
        """Whether a frame (-1: the last) shows a thing plainly."""
        counts = self.frames[frame].pixel_counts()
        return bool(counts[index] >= LEAST_SEEN * self.frames[frame].ids.size)

    def box(self, frame: int, index: int) -> Float[np.ndarray, " 4"]:
        """The box of what a frame shows of a thing: y1 x1 y2 x2 in pixels."""
        return self.frames[frame].boxes()[index] * len(self.frames[frame].ids)


@lru_cache(maxsize=16)
def film_view(setting: Setting, verb: Verb | None = None) -> FilmView:
    """The film of a setting, of the given verb or one that it draws, rendered. Pure."""
    made = film(setting.seed, setting.split, verb=verb)
    return FilmView(made=made, frames=tuple(render(scene, size=setting.size) for scene in made.scenes))


def shows_its_deed(view: FilmView) -> bool:
    """Whether who acts is in the last frame and in nearly all before, and whom it acts on in the last."""
    made = view.made
    unseen = sum(not view.sees(frame, made.mover) for frame in range(len(view.frames)))
    is_other_seen = made.other is None or view.sees(-1, made.other)
    return unseen <= _MOST_FRAMES_UNSEEN and view.sees(-1, made.mover) and is_other_seen


def video_caption_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film, a sentence of who does what, and the words that matter in it."""
    view = film_view(setting)
    if not shows_its_deed(view):
        return None
    caption = film_caption(view.made, rng)
    return {**view.video(), "caption": caption, "facts": film_facts(view.made), "words": FILM_WORDS}


def video_vqa_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film and a question about who moves, what it does, or to whom."""
    view = film_view(setting)
    if not shows_its_deed(view):
        return None
    asked = film_question(view.made, rng)
    return {**view.video(), "question": asked.text, "answer": asked.answer, "kind": asked.kind}


def video_class_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film and the name of its action."""
    del rng
    view = film_view(setting)
    return {**view.video(), "label": DEEDS[view.made.verb]} if shows_its_deed(view) else None


def video_sound_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A silent film in which one thing falls, its sound, and the material that must be heard."""
    del rng
    view = film_view(setting, "fall")
    episode = view.made.episode
    if not shows_its_deed(view) or not episode.contacts:
        return None
    return {
        **view.video(with_sound=False),
        "sound": episode.waveform,
        "label": episode.scenes[0].things[view.made.mover].material,
        "judge": heard_material,
    }
