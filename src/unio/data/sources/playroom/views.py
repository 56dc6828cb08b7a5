"""Pictures of scenes, each rendered once for all the problems that are made of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from unio.playroom import Camera, Frame, Scene, Split, World, render, sample_full_scene, sample_scene
from unio.playroom.language import Seen, Sight

__all__ = ["Setting", "View", "look", "still_view"]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a record comes from: the seed, split and world of its scene, and the pictures' side in pixels."""

    seed: int
    split: Split
    size: int
    world: World = "first"


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A scene, its picture with the exact truth, and what can be said of it."""

    scene: Scene
    frame: Frame
    sight: Sight

    def box(self, one: Seen) -> Float[np.ndarray, " 4"]:
        """The box of a thing's visible pixels: y1 x1 y2 x2 in pixels."""
        return self.frame.boxes()[one.index] * len(self.frame.ids)

    def short_label(self, one: Seen) -> str:
        """Colour and shape: ``"red ball"``."""
        return f"{one.thing.colour} {one.thing.shape}"


def look(scene: Scene, size: int, *, camera: Camera | None = None) -> View:
    """A scene, seen by its own camera or by another."""
    if camera is not None:
        scene = scene.replace(camera=camera)
    frame = render(scene, size=size)
    return View(scene=scene, frame=frame, sight=Sight.of(scene, frame))


@lru_cache(maxsize=64)
def still_view(setting: Setting) -> View:
    """The resting scene of a setting, seen by its camera. Pure, hence safe to remember."""
    sample = sample_scene if setting.world == "first" else sample_full_scene
    return look(sample(setting.seed, setting.split), setting.size)
