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
    from unio.playroom.contacts import Contact as Contact
    from unio.playroom.edits import change_material as change_material
    from unio.playroom.edits import change_shape as change_shape
    from unio.playroom.edits import change_size as change_size
    from unio.playroom.edits import recolour as recolour
    from unio.playroom.edits import remove as remove
    from unio.playroom.episode import Episode as Episode
    from unio.playroom.episode import Push as Push
    from unio.playroom.export import write_scene as write_scene
    from unio.playroom.flow import optical_flow as optical_flow
    from unio.playroom.frame import Frame as Frame
    from unio.playroom.full_world import WORLDS as WORLDS
    from unio.playroom.full_world import World as World
    from unio.playroom.full_world import sample_full_scene as sample_full_scene
    from unio.playroom.happenings import drop as drop
    from unio.playroom.happenings import drop_episode as drop_episode
    from unio.playroom.happenings import roll_episode as roll_episode
    from unio.playroom.push_problems import PushProblem as PushProblem
    from unio.playroom.push_problems import expert_push as expert_push
    from unio.playroom.push_problems import push_problem as push_problem
    from unio.playroom.pushing import apply_push as apply_push
    from unio.playroom.pushing import gap_between as gap_between
    from unio.playroom.pushing import push_succeeded as push_succeeded
    from unio.playroom.renderer import render as render
    from unio.playroom.sampling import sample_scene as sample_scene
    from unio.playroom.scene import SPLITS as SPLITS
    from unio.playroom.scene import Floor as Floor
    from unio.playroom.scene import Light as Light
    from unio.playroom.scene import Scene as Scene
    from unio.playroom.scene import Split as Split
    from unio.playroom.sound import impact_sound as impact_sound
    from unio.playroom.stacking import carriers_of as carriers_of
    from unio.playroom.things import ALL_SHAPES as ALL_SHAPES
    from unio.playroom.things import COLOURS as COLOURS
    from unio.playroom.things import MATERIALS as MATERIALS
    from unio.playroom.things import SHAPES as SHAPES
    from unio.playroom.things import SIZES as SIZES
    from unio.playroom.things import Thing as Thing
    from unio.playroom.things import is_novel as is_novel

_HOMES = {
    "camera": (
        "Camera",
        "Projection",
    ),
    "contacts": ("Contact",),
    "edits": (
        "change_material",
        "change_shape",
        "change_size",
        "recolour",
        "remove",
    ),
    "episode": (
        "Episode",
        "Push",
    ),
    "export": ("write_scene",),
    "frame": ("Frame",),
    "happenings": (
        "drop",
        "drop_episode",
        "roll_episode",
    ),
    "push_problems": (
        "PushProblem",
        "expert_push",
        "push_problem",
    ),
    "pushing": (
        "apply_push",
        "gap_between",
        "push_succeeded",
    ),
    "renderer": ("render",),
    "sampling": ("sample_scene",),
    "scene": (
        "SPLITS",
        "Floor",
        "Light",
        "Scene",
        "Split",
    ),
    "sound": ("impact_sound",),
    "things": (
        "ALL_SHAPES",
        "COLOURS",
        "MATERIALS",
        "SHAPES",
        "SIZES",
        "Thing",
        "is_novel",
    ),
    "flow": ("optical_flow",),
    "full_world": (
        "WORLDS",
        "World",
        "sample_full_scene",
    ),
    "stacking": ("carriers_of",),
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
