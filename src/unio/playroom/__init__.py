"""The playroom: a small physical world that renders, sounds and moves on a CPU, with exact ground truth.

Names are imported on first use and MuJoCo only when a scene is rendered or moved.

Example::

    scene = sample_scene(0, "test")
    frame = render(scene)
    frame.rgb, frame.boxes(), [thing.name for thing in scene.things]
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unio.playroom.camera import Camera as Camera
    from unio.playroom.camera import Projection as Projection
    from unio.playroom.edits import change_material as change_material
    from unio.playroom.edits import change_shape as change_shape
    from unio.playroom.edits import change_size as change_size
    from unio.playroom.edits import recolour as recolour
    from unio.playroom.edits import remove as remove
    from unio.playroom.frame import Frame as Frame
    from unio.playroom.renderer import render as render
    from unio.playroom.sampling import sample_scene as sample_scene
    from unio.playroom.scene import SPLITS as SPLITS
    from unio.playroom.scene import Floor as Floor
    from unio.playroom.scene import Light as Light
    from unio.playroom.scene import Scene as Scene
    from unio.playroom.scene import Split as Split
    from unio.playroom.things import COLOURS as COLOURS
    from unio.playroom.things import MATERIALS as MATERIALS
    from unio.playroom.things import SHAPES as SHAPES
    from unio.playroom.things import SIZES as SIZES
    from unio.playroom.things import Thing as Thing
    from unio.playroom.things import is_novel as is_novel

_HOMES = {
    "camera": ("Camera", "Projection"),
    "edits": ("change_material", "change_shape", "change_size", "recolour", "remove"),
    "frame": ("Frame",),
    "renderer": ("render",),
    "sampling": ("sample_scene",),
    "scene": ("SPLITS", "Floor", "Light", "Scene", "Split"),
    "things": ("COLOURS", "MATERIALS", "SHAPES", "SIZES", "Thing", "is_novel"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Import a public name from its file on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value
