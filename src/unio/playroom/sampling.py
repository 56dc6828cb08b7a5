"""Sampling scenes: a pure function of (seed, split), without rendering and without MuJoCo."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from unio.core import InputError, random_stream
from unio.playroom.camera import Camera
from unio.playroom.resting import footprint, rest
from unio.playroom.scene import Floor, Light, Scene, Split, check_split
from unio.playroom.things import (
    COLOURS,
    MATERIALS,
    SHAPES,
    SIZES,
    Colour,
    Material,
    Shape,
    Size,
    Thing,
    is_novel,
)
from unio.playroom.visible import Boxed

__all__ = [
    "PLAY_RADIUS",
    "Kind",
    "draw_camera",
    "draw_floor",
    "draw_kind",
    "draw_light",
    "draw_scene",
    "sample_scene",
    "stand_apart",
    "well_seen",
]

MAX_THINGS = 6

PLAY_RADIUS = 0.31
"""Metres from the middle within which things are set down."""
_GAP = 0.03
_MIN_SEEN_SHARE = 0.6
_MIN_SEEN_AREA = 0.009

_FLOOR_TONES: tuple[tuple[float, float, float], ...] = (
    (0.80, 0.78, 0.75),
    (0.76, 0.79, 0.82),
    (0.82, 0.77, 0.70),
    (0.74, 0.78, 0.74),
)


def sample_scene(seed: int, split: Split, *, count: tuple[int, int] = (1, 5)) -> Scene:
    """The scene of a seed: ``count`` = (fewest, most) things standing apart, each well in sight.

    ``train`` and ``test`` never hold a combination for which `is_novel` is true; every ``novel`` scene
    holds at least one. Raises ``InputError`` for an unknown split or an impossible count.
    """
    return draw_scene(random_stream(seed, "playroom", "scene", split), seed=seed, split=split, count=count)


def draw_scene(rng: np.random.Generator, *, seed: int, split: Split, count: tuple[int, int]) -> Scene:
    """The next scene of a random stream, as `sample_scene` makes it."""
    check_split(split)
    fewest, most = count
    if not 1 <= fewest <= most <= MAX_THINGS:
        raise InputError(
            "impossible count of things", got=f"{count}", expected=f"1 <= fewest <= most <= {MAX_THINGS}"
        )
    number = int(rng.integers(fewest, most + 1))
    kinds = _sample_kinds(rng, number, split)
    light, floor = draw_light(rng), draw_floor(rng)
    while True:
        camera = draw_camera(rng)
        things = _place(rng, kinds)
        if things is not None and well_seen(camera, things):
            return Scene(seed=seed, split=split, things=things, camera=camera, light=light, floor=floor)


Kind = tuple[Shape, Colour, Material, Size]
"""What a thing is; where it is comes later."""


def _sample_kinds(rng: np.random.Generator, number: int, split: Split) -> list[Kind]:
    """What the things are, in no particular order, true to the split."""
    if split == "novel":
        kinds = [draw_kind(rng, novel=index == 0 or None) for index in range(number)]
    else:
        kinds = [draw_kind(rng, novel=False) for _ in range(number)]
    return [kinds[index] for index in rng.permutation(number)]


def draw_kind(rng: np.random.Generator, *, novel: bool | None, shapes: tuple[Shape, ...] = SHAPES) -> Kind:
    """Any of ``shapes``, colour, material and size, held out (``novel``) or not; None: either."""
    colours, sizes = tuple(COLOURS), tuple(SIZES)
    while True:
        shape = shapes[rng.integers(len(shapes))]
        colour = colours[rng.integers(len(colours))]
        material = MATERIALS[rng.integers(len(MATERIALS))]
        size = sizes[rng.integers(len(sizes))]
        if novel is None or novel == is_novel(colour, shape, material):
            return shape, colour, material, size


def draw_light(rng: np.random.Generator) -> Light:
    """A lamp from any side, high enough that shadows stay short."""
    return Light(azimuth=float(rng.uniform(0, 360)), elevation=float(rng.uniform(42, 68)))


def draw_floor(rng: np.random.Generator) -> Floor:
    """A floor of one of four tones, half of them checkered."""
    tone = _FLOOR_TONES[rng.integers(len(_FLOOR_TONES))]
    return Floor(tone=tone, contrast=0.0 if rng.random() < 0.5 else float(rng.uniform(0.10, 0.18)))


def draw_camera(rng: np.random.Generator) -> Camera:
    """A camera anywhere on the dome, looking at the middle."""
    return Camera(
        azimuth=float(rng.uniform(0, 360)),
        elevation=float(rng.uniform(25, 55)),
        distance=float(rng.uniform(1.05, 1.22)),
    )


def _place(rng: np.random.Generator, kinds: list[Kind]) -> tuple[Thing, ...] | None:
    """The things set down without touching, or None if no room was found."""
    placed: list[Thing] = []
    for shape, colour, material, size in kinds:
        thing = Thing(shape=shape, colour=colour, material=material, size=size, position=(0, 0, 0))
        for _ in range(12):
            radius, angle = PLAY_RADIUS * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
            place = (radius * math.cos(angle), radius * math.sin(angle))
            spot = rest(thing, place, float(rng.uniform(0, 2 * math.pi)))
            if all(stand_apart(spot, other) for other in placed):
                placed.append(spot)
                break
        else:
            return None
    return tuple(placed)


def stand_apart(first: Thing, second: Thing) -> bool:
    """Whether circles around the two footprints keep the least gap."""
    distance = math.dist(first.position[:2], second.position[:2])
    return distance >= footprint(first) + footprint(second) + _GAP


def well_seen(
    camera: Camera,
    things: Sequence[Boxed],
    *,
    min_share: float = _MIN_SEEN_SHARE,
    min_area: float = _MIN_SEEN_AREA,
) -> bool:
    """Whether every thing is inside the picture and ``min_share`` of it is not hidden behind others.

    What is seen of each must also fill ``min_area`` of the picture, as a share.

    A silhouette is taken to be the ellipse in the box around the projected cuboid: close enough, and
    it needs no renderer.
    """
    boxes = np.stack([_projected_box(camera, thing) for thing in things])
    if boxes.min() < 0.01 or boxes.max() > 0.99:
        return False
    depth = camera.project(np.array([thing.position for thing in things])).depth
    places = (np.arange(40) + 0.5) / 40
    middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    down = ((places[None, :] - middle[:, :1]) / half[:, :1]) ** 2
    across = ((places[None, :] - middle[:, 1:]) / half[:, 1:]) ** 2
    masks = down[:, :, None] + across[:, None, :] <= 1
    taken = np.zeros_like(masks[0])
    for index in np.argsort(depth):
        seen = np.count_nonzero(masks[index] & ~taken)
        whole = np.count_nonzero(masks[index])
        if seen < min_share * whole or seen < min_area * taken.size:
            return False
        taken |= masks[index]
    return True


def _projected_box(camera: Camera, thing: Boxed) -> Float[np.ndarray, " 4"]:
    points = camera.project(thing.corners()).points
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
