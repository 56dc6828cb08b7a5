"""How each material answers light: a table of data that the shading reads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int

from unio.playroom.doll import PARTS, Paint
from unio.playroom.things import COLOURS, Material, Thing

__all__ = ["LOOKS", "Look", "geom_colours"]

_PAINTS: dict[Paint, tuple[float, float, float]] = {
    "skin": (0.93, 0.76, 0.62),
    "trousers": (0.45, 0.43, 0.42),
    "dark": (0.16, 0.13, 0.12),
}
"""What of a doll is not of the doll's own colour."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Weights of the parts that make up a surface's colour, each about 0..1.

    ``diffuse``: matte light in the thing's colour. ``specular`` and ``shininess``: the lamp's highlight
    and how small it is. ``reflection``: the surroundings mirrored, tinted by the colour. ``stripes``:
    darkness of wood grain. ``clear``: the floor behind seen through. ``rim``: bright edge at grazing angles.
    ``shade``: how much of the lamp's light the thing keeps off what lies behind it.
    """

    diffuse: float
    specular: float
    shininess: float
    reflection: float = 0.0
    stripes: float = 0.0
    clear: float = 0.0
    rim: float = 0.0
    shade: float = 1.0


LOOKS: dict[Material, Look] = {
    "rubber": Look(diffuse=1.0, specular=0.04, shininess=6),
    "wood": Look(diffuse=1.0, specular=0.06, shininess=12, stripes=0.8),
    "metal": Look(diffuse=0.32, specular=1.6, shininess=70, reflection=0.85),
    "glass": Look(diffuse=0.22, specular=1.8, shininess=160, clear=0.8, rim=0.75, shade=0.45),
}


def geom_colours(
    things: Sequence[Thing], owners: Int[np.ndarray, " geoms"]
) -> Float32[np.ndarray, "geoms 3"]:
    """Display RGB, 0..1, of each geom; zeros for what is no thing."""
    colours = np.zeros((len(owners), 3), dtype=np.float32)
    for index, thing in enumerate(things):
        geoms = np.flatnonzero(owners == index)
        colours[geoms] = COLOURS[thing.colour]
        if thing.shape == "doll":
            colours[geoms] = [_PAINTS.get(part.paint, COLOURS[thing.colour]) for part in PARTS]
    return colours
