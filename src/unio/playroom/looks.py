"""How each material answers light: a table of data that the shading reads."""

from dataclasses import dataclass

from unio.playroom.things import Material

__all__ = ["LOOKS", "Look"]


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
