"""Writing a scene to a folder, with all its ground truth in formats that any program reads."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt16
from PIL import Image

from unio.core import InputError
from unio.media import encode_audio, encode_image, write_whole
from unio.playroom.frame import Frame
from unio.playroom.happenings import drop
from unio.playroom.rays import FLOOR_ID, SKY_ID
from unio.playroom.renderer import render
from unio.playroom.scene import Scene

__all__ = ["scene_record", "write_scene"]

_ID_OFFSET = -SKY_ID


def write_scene(scene: Scene, folder: str | Path, *, size: int = 128) -> tuple[Path, ...]:
    """Write a scene, as its camera sees it, and the sound of its things being dropped.

    =============  ================================================================================
    rgb.png        the picture
    depth.png      16 bits: millimetres along the camera's axis; 0 is sky
    normals.png    (normal + 1) / 2 in the camera's axes (x right, y up, z to the viewer) as RGB
    ids.png        8 bits: 0 sky, 1 floor, 2 the first thing, 3 the second, ...
    scene.json     things with their boxes and cuboids, camera, light, floor
    sound.wav      16 kHz
    =============  ================================================================================

    Each file appears whole or not at all. Returns the paths. Raises ``InputError`` if a file cannot be
    written or a scene has more things than ``ids.png`` can hold.
    """
    if len(scene.things) > 255 - _ID_OFFSET:
        raise InputError("too many things to export", got=len(scene.things), expected="at most 253")
    frame = render(scene, size=size)
    contents = {
        "rgb.png": encode_image(frame.rgb),
        "depth.png": _png(_millimetres(frame.depth)),
        "normals.png": encode_image(((frame.normals + 1) * 127.5 + 0.5).astype(np.uint8)),
        "ids.png": _png((frame.ids + _ID_OFFSET).astype(np.uint8)),
        "scene.json": f"{json.dumps(scene_record(scene, frame), indent=1)}\n".encode(),
        "sound.wav": encode_audio(drop(scene).waveform),
    }
    return tuple(write_whole(Path(folder) / name, content) for name, content in contents.items())


def scene_record(scene: Scene, frame: Frame) -> dict[str, Any]:
    """The scene as plain values for JSON. Boxes are (y1, x1, y2, x2), 0..1; cuboid corners (x, y, z) in m."""
    boxes, pixels = frame.boxes(), frame.pixel_counts()
    things = [
        {
            **asdict(thing),
            "name": thing.name,
            "id": index + _ID_OFFSET,
            "half_extents": thing.half_extents,
            "corners": thing.corners().tolist(),
            "box": boxes[index].tolist(),
            "pixels": int(pixels[index]),
        }
        for index, thing in enumerate(scene.things)
    ]
    camera = {
        **asdict(scene.camera),
        "position": scene.camera.position.tolist(),
        "rotation": scene.camera.rotation.tolist(),
    }
    return {
        "seed": scene.seed,
        "split": scene.split,
        "ids": {"sky": SKY_ID + _ID_OFFSET, "floor": FLOOR_ID + _ID_OFFSET},
        "things": things,
        "camera": camera,
        "light": asdict(scene.light),
        "floor": asdict(scene.floor),
    }


def _millimetres(depth: Float[np.ndarray, "size size"]) -> UInt16[np.ndarray, "size size"]:
    return np.clip(np.rint(depth * 1000), 0, 65535).astype(np.uint16)


def _png(values: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(values).save(content, format="PNG")
    return content.getvalue()
