"""Shading: from what rays met to the light that comes back along them, in NumPy float32."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Int

from unio.playroom.looks import LOOKS
from unio.playroom.rays import FLOOR_ID, Hits, cast
from unio.playroom.scene import Floor
from unio.playroom.scene import Light as Lamp
from unio.playroom.surroundings import Surroundings
from unio.playroom.visible import Solid, Visible

__all__ = ["Shader"]

Light = Float32[np.ndarray, "rays 3"]
Rows = Int[np.ndarray, " rows"]

_LAMP = np.float32(0.82)
_AMBIENT_LOW = np.float32(0.26)
_AMBIENT_HIGH = np.float32(0.52)
_BROWN = np.array([0.15, 0.08, 0.035], dtype=np.float32)
"""Dark wood between the year rings, linear RGB."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Surface:
    """Points to be lit, all float32: places, unit normals, unit directions to the viewer, lamp's light."""

    points: Light
    normals: Light
    towards: Light
    lamp: Float32[np.ndarray, " rays"]


class Shader:
    """Lights the things of a world where they are now."""

    def __init__(self, world: Visible, *, lamp: Lamp, floor: Floor) -> None:
        self._world = world
        self._lamp = lamp.position
        self._around = Surroundings(floor)
        looks = [LOOKS[thing.material] for thing in world.things]
        self._looks = {
            name: np.array([getattr(look, name) for look in looks], dtype=np.float32)
            for name in ("diffuse", "specular", "shininess", "reflection", "stripes", "clear", "rim", "shade")
        }
        self._albedo = world.geom_colours() ** 2
        self._places = np.asarray(world.data.xpos[world.roots], dtype=np.float32).reshape(-1, 3)
        self._axes = np.asarray(world.data.xmat[world.roots], dtype=np.float32).reshape(-1, 3, 3)
        self._reach = np.array([thing.half_extents[0] for thing in world.things], dtype=np.float32)
        self._near = _shadow_radius(world.things, self._places, lamp)

    def shade(
        self, origin: Float[np.ndarray, " 3"], directions: Float[np.ndarray, "rays 3"], hits: Hits
    ) -> Light:
        """Linear RGB that comes back along each ray."""
        light = np.empty((len(directions), 3), dtype=np.float32)
        distance = hits.distance.astype(np.float32)[:, None]
        points = origin.astype(np.float32) + directions.astype(np.float32) * distance
        normals = hits.normals.astype(np.float32)
        lamp = self._lamp_light(points, normals, hits.ids)

        sky = np.flatnonzero(hits.ids < FLOOR_ID)
        light[sky] = self._around.sky(_unit(directions[sky].astype(np.float32)))
        floor = np.flatnonzero(hits.ids == FLOOR_ID)
        light[floor] = self._floor(points[floor], lamp[floor])
        solid = np.flatnonzero(hits.ids >= 0)
        surface = _Surface(
            points=points[solid],
            normals=normals[solid],
            towards=-_unit(directions[solid].astype(np.float32)),
            lamp=lamp[solid],
        )
        light[solid] = self._things(surface, hits.ids[solid], hits.geoms[solid])
        return light

    def _lamp_light(self, points: Light, normals: Light, ids: Rows) -> Float32[np.ndarray, " rays"]:
        """Lamp light on each point: cosine to the lamp times what shadows leave of it."""
        towards = self._lamp.astype(np.float32) - points
        lit = np.einsum("rc,rc->r", normals, towards) / np.sqrt(np.einsum("rc,rc->r", towards, towards))
        lit = np.maximum(lit, 0)
        rows = np.flatnonzero((ids >= FLOOR_ID) & (lit > 0) & self._is_near(points))
        # Directions end on the points, so a hit before 1 is a thing in between.
        between = cast(self._world, self._lamp, -towards[rows], with_floor=False, with_normals=False)
        shaded = (between.ids >= 0) & (between.distance < 0.9985)
        rows = rows[shaded]
        lit[rows] *= 1 - self._looks["shade"][between.ids[shaded]]
        return lit

    def _floor(self, points: Light, lamp: Float32[np.ndarray, " rays"]) -> Light:
        """The floor: checker in lamp light, darker close under things, lost in the distance."""
        ambient = np.full(len(points), _AMBIENT_HIGH, dtype=np.float32)
        near = np.flatnonzero(self._is_near(points))
        x, y = points[near, 0], points[near, 1]
        shelter = np.ones(len(near), dtype=np.float32)
        for place, reach in zip(self._places, self._reach, strict=True):
            spread = reach * 1.15 + max(place[2] - reach, 0)
            closeness = np.exp(((x - place[0]) ** 2 + (y - place[1]) ** 2) * (-1 / spread**2))
            shelter *= 1 - (0.75 * (reach / spread) ** 2) * closeness
        ambient[near] *= shelter
        return self._around.floor(points, ambient + _LAMP * lamp)

    def _things(self, surface: _Surface, ids: Rows, geoms: Rows) -> Light:
        """Everything a thing's surface does with light, weighted by its material's look."""
        look = {name: values[ids] for name, values in self._looks.items()}
        albedo = self._albedo[geoms]
        grain = np.flatnonzero(look["stripes"] > 0)
        dark = self._grain(surface.points[grain], ids[grain], look["stripes"][grain])[:, None]
        bright = albedo[grain]
        brown = _BROWN * (1.05 - bright.max(axis=1, keepdims=True)) + 0.1 * bright
        albedo[grain] = bright * (1 - dark) + brown * dark
        facing = np.maximum(np.einsum("rc,rc->r", surface.normals, surface.towards), 0)

        up = surface.normals[:, 2] * 0.5 + 0.5
        ambient = _AMBIENT_LOW + (_AMBIENT_HIGH - _AMBIENT_LOW) * up
        light = albedo * (look["diffuse"] * (ambient + _LAMP * surface.lamp))[:, None]
        light += (look["specular"] * self._highlight(surface, look["shininess"]))[:, None]

        mirror = np.flatnonzero(look["reflection"] > 0)
        bounced = _reflect(surface.towards[mirror], surface.normals[mirror])
        seen = self._around.seen(surface.points[mirror], bounced, light=0.7)
        seen += self._around.gleam(surface.points[mirror], bounced)
        edge = ((1 - facing[mirror]) ** 4)[:, None]
        tint = np.sqrt(albedo[mirror]) * 0.45 + albedo[mirror] * 0.4
        light[mirror] += seen * (tint + (0.9 - tint) * edge) * look["reflection"][mirror, None]

        clear = np.flatnonzero(look["clear"] > 0)
        behind = self._around.seen(surface.points[clear], -surface.towards[clear], light=1.1)
        pale = 0.12 + 0.88 * np.sqrt(albedo[clear])
        light[clear] += behind * pale * look["clear"][clear, None]
        light[clear] += (look["rim"][clear] * (1 - facing[clear]) ** 3)[:, None]
        return light

    def _highlight(
        self, surface: _Surface, shininess: Float32[np.ndarray, " rays"]
    ) -> Float32[np.ndarray, " rays"]:
        """The lamp's mirror image, blurred by roughness (Blinn), gone where the lamp is hidden."""
        towards = _unit(self._lamp.astype(np.float32) - surface.points)
        halfway = _unit(towards + surface.towards)
        alignment = np.maximum(np.einsum("rc,rc->r", halfway, surface.normals), 1e-6)
        return np.exp(shininess * np.log(alignment)) * (surface.lamp > 0)

    def _grain(
        self, points: Light, ids: Rows, depth: Float32[np.ndarray, " rays"]
    ) -> Float32[np.ndarray, " rays"]:
        """Darkness of wood grain, 0..1: year rings around an axis beside the thing, fixed to the thing."""
        local = np.einsum("rc,rcd->rd", points - self._places[ids], self._axes[ids])
        local /= self._reach[ids][:, None]
        ring = np.hypot(local[:, 0] + 0.9, local[:, 2] * 0.9 - 0.35) + 0.06 * np.sin(4.0 * local[:, 1])
        wave = 0.5 + 0.5 * np.sin(ring * np.float32(14.0))
        return depth * wave * wave

    def _is_near(self, points: Light) -> Bool[np.ndarray, " rays"]:
        return (points[:, 0] ** 2 + points[:, 1] ** 2) < self._near**2


def _shadow_radius(things: Sequence[Solid], places: Float32[np.ndarray, "things 3"], lamp: Lamp) -> float:
    """Metres from the middle beyond which no thing can throw a shadow on the floor."""
    radius = 0.0
    for thing, (x, y, z) in zip(things, places, strict=True):
        reach = math.hypot(*thing.half_extents)
        length = (max(float(z), 0) + reach) / math.tan(math.radians(lamp.elevation))
        radius = max(radius, math.hypot(x, y) + reach + 1.25 * length)  # the lamp is near: shadows spread
    return radius


def _unit(vectors: Light) -> Light:
    return vectors / np.sqrt(np.einsum("rc,rc->r", vectors, vectors))[:, None]


def _reflect(towards: Light, normals: Light) -> Light:
    return 2 * np.einsum("rc,rc->r", towards, normals)[:, None] * normals - towards
