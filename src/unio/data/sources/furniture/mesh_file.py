"""A mesh as a safetensors file: numbers and nothing else.

Tensors: ``vertices`` float32 (n, 3) in metres, ``faces`` int32 (m, 3), ``parts`` uint8 (m,), ``colours``
uint8 (k, 3); axes and meaning as in `unio.playroom.furniture.Mesh`.
"""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from unio.core import InputError
from unio.media import write_whole
from unio.playroom.furniture import Mesh

__all__ = ["read_mesh", "write_mesh"]

LAYOUT = {
    "vertices": (np.float32, 2),
    "faces": (np.int32, 2),
    "parts": (np.uint8, 1),
    "colours": (np.uint8, 2),
}
"""Each tensor's type, and how many axes it has; the last of two is 3 long."""

MAX_BYTES = 4 << 20


def write_mesh(mesh: Mesh, path: Path) -> None:
    """Write a mesh, whole or not at all."""
    tensors = {name: np.ascontiguousarray(getattr(mesh, name)) for name in LAYOUT}
    write_whole(path, save(tensors))


def read_mesh(path: Path) -> Mesh:
    """Read a mesh. Raises ``InputError`` for a file that is missing, huge, broken or no mesh."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path.name} is too large for a mesh", expected=f"at most {MAX_BYTES:,} bytes")
        tensors = load(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {path}", got=error.strerror, expected="a mesh") from error
    except SafetensorError as error:
        raise InputError(
            f"{path.name} is broken", got=str(error)[:100], expected="a safetensors file"
        ) from error
    for name, (kind, axes) in LAYOUT.items():
        found = tensors.get(name)
        if found is None or found.dtype != kind or found.ndim != axes or (axes == 2 and found.shape[1] != 3):
            raise InputError(
                f"{path.name} is no mesh",
                got=f"{name}: {'missing' if found is None else f'{found.dtype} {found.shape}'}",
                expected="vertices, faces, parts and colours, as unio data fetch sweet_home writes them",
            )
    if len(tensors["parts"]) != len(tensors["faces"]):
        raise InputError(f"{path.name} is no mesh", expected="as many parts as faces")
    return Mesh(**{name: tensors[name] for name in LAYOUT})
