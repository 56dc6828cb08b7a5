"""Records of families that draw a picture: from text, over a map, edited, and the next frame."""

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from unio.data.sources.playroom.colours import LEAST_SHARE, PALETTE, label_colour
from unio.data.sources.playroom.views import Setting, look, still_view
from unio.data.tasks.image_from_segmentation import BACKGROUND, UNCOUNTED
from unio.data.tasks.scoring.pictures import changed_pixels
from unio.playroom import Episode, Scene, drop_episode, render, roll_episode
from unio.playroom.language import description, edit_instruction

__all__ = ["edit_record", "from_segmentation_record", "from_text_record", "next_frame_record"]

Fields = dict[str, Any]

_LEAST_CHANGE = 0.002
"""Share of the picture that an edit or a move must change to be worth a question."""
_FLOOR_GREY = 128
_MOVING = 0.015
"""Metres that something must move between frames, 0.15 m/s."""
_SECONDS_OF_MOTION = 1.0


def from_text_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """A description of everything in view, and the picture."""
    view = still_view(setting)
    return {
        "description": description(view.sight, rng),
        "picture": view.frame.rgb,
        "colours": tuple(sorted({one.thing.colour for one in view.sight.seen})),
        "palette": PALETTE,
        "min_share": LEAST_SHARE,
    }


def from_segmentation_record(setting: Setting, rng: np.random.Generator) -> Fields:
    """The things' regions painted flat on grey, the description, and the picture.

    Pixels whose colour even the true picture does not show, such as highlights, are not counted.
    """
    view = still_view(setting)
    painted = np.full_like(view.frame.rgb, _FLOOR_GREY)
    shown = PALETTE.classify(view.frame.rgb)
    regions = np.where(view.frame.ids >= 0, UNCOUNTED, BACKGROUND)
    for one in view.sight.seen:
        mask = view.frame.ids == one.index
        painted[mask] = label_colour(one.thing.colour)
        colour = PALETTE.names.index(one.thing.colour)
        regions[mask & (shown == colour)] = colour
    return {
        "image": painted,
        "description": description(view.sight, rng),
        "picture": view.frame.rgb,
        "regions": regions,
        "palette": PALETTE,
    }


def edit_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an instruction, and the picture afterwards; None if hardly anything would change."""
    view = still_view(setting)
    instruction = edit_instruction(view.scene, view.sight, rng)
    if instruction is None:
        return None
    after = look(instruction.result, setting.size).frame.rgb
    if changed_pixels(view.frame.rgb, after).mean() < _LEAST_CHANGE:
        return None
    return {"image": view.frame.rgb, "instruction": instruction.text, "picture": after}


def next_frame_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """Two or three earlier frames of something rolling, sliding or falling, the last one, and the next.

    The move must have begun before the last frame, so that the next can be told; None otherwise.
    """
    scenes = _motion(setting).scenes
    moves = [_moved(before, after) for before, after in pairwise(scenes)]
    earlier = 2 + int(rng.integers(2))
    lasts = [last for last in range(earlier, len(moves)) if min(moves[last - 1], moves[last]) > _MOVING]
    if not lasts:
        return None
    last = lasts[int(rng.integers(len(lasts)))]
    frames = [_state_picture(setting, place) for place in range(last - earlier, last + 2)]
    if changed_pixels(frames[-2], frames[-1]).mean() < _LEAST_CHANGE:
        return None
    return {"image_history": tuple(frames[:-2]), "image": frames[-2], "picture": frames[-1]}


@lru_cache(maxsize=16)
def _motion(setting: Setting) -> Episode:
    """A rolling episode for even seeds, a falling one for odd."""
    begin = drop_episode if setting.seed % 2 else roll_episode
    return begin(
        setting.seed,
        setting.split,
        seconds=_SECONDS_OF_MOTION,
        world=setting.world,
        with_contacts=False,
    )


@lru_cache(maxsize=64)
def _state_picture(setting: Setting, place: int) -> Any:
    return render(_motion(setting).scenes[place], size=setting.size).rgb


def _moved(before: Scene, after: Scene) -> float:
    """The furthest that anything moved, in metres."""
    places = np.array([[thing.position for thing in scene.things] for scene in (before, after)])
    return float(np.linalg.norm(places[1] - places[0], axis=1).max())
