"""Depth, normals and masks as something to look at."""

import numpy as np
from jaxtyping import Bool, Float

from unio.media.drawing.colours import apply_colour_map
from unio.schema import Picture

__all__ = ["colour_depth", "colour_flow", "colour_normals", "depth_range", "draw_mask_overlay"]

UNKNOWN_GRAY = 60
"""Brightness of pixels that have no depth or no normal."""


def depth_range(depth: Float[np.ndarray, "height width"]) -> tuple[float, float]:
    """Near and far end of a depth map in metres, a stray hundredth at each end left out."""
    known = depth[np.isfinite(depth) & (depth > 0)]
    if not known.size:
        return 0.0, 1.0
    near, far = np.percentile(known, (1, 99)).tolist()
    return near, max(far, near + 1e-6)


def colour_depth(
    depth: Float[np.ndarray, "height width"], *, near: float | None = None, far: float | None = None
) -> Picture:
    """Depth in metres as colours, near bright and far dark; unknown pixels (0 or not finite) are gray.

    Give ``near`` and ``far`` to compare two maps; left out, they are those of this map.
    """
    found_near, found_far = depth_range(depth)
    near = found_near if near is None else near
    far = found_far if far is None else far
    known = np.isfinite(depth) & (depth > 0)
    distance = np.where(known, depth, near)
    colours = apply_colour_map(1.0 - (distance - near) / max(far - near, 1e-6), name="viridis")
    colours[~known] = UNKNOWN_GRAY
    return colours


def colour_flow(flow: Float[np.ndarray, "height width 2"]) -> Picture:
    """How far pixels moved (down, across) as colours: the hue is the way, white is none.

    The longest way of this map, a stray hundredth left out, has full colour.
    """
    length = np.linalg.norm(flow, axis=2)
    longest = max(float(np.percentile(length, 99)), 1e-6)
    angle = np.arctan2(flow[..., 0], flow[..., 1])
    # Three cosines a third of a turn apart are a colour wheel without corners.
    wheel = np.stack([np.cos(angle - turn * 2 * np.pi / 3) for turn in range(3)], axis=2) / 2 + 0.5
    strength = np.clip(length / longest, 0, 1)[..., None]
    return np.rint(255 * (1 - strength * (1 - wheel))).astype(np.uint8)


def colour_normals(normals: Float[np.ndarray, "height width 3"]) -> Picture:
    """Unit normals (x right, y up, z to the camera) as colours: -1 is 0 and 1 is 255.

    Vectors of no length are gray.
    """
    colours = np.rint((np.clip(np.nan_to_num(normals), -1, 1) + 1) * 127.5).astype(np.uint8)
    colours[~(np.linalg.norm(np.nan_to_num(normals), axis=-1) > 1e-6)] = UNKNOWN_GRAY
    return colours


def draw_mask_overlay(
    picture: Picture,
    mask: Bool[np.ndarray, "height width"],
    *,
    colour: tuple[int, int, int] = (230, 57, 70),
    strength: float = 0.55,
) -> Picture:
    """Tint the pixels under ``mask`` and draw its edge at full strength."""
    tint = np.array(colour, np.float64)
    overlaid = picture.astype(np.float64)
    overlaid[mask] = (1 - strength) * overlaid[mask] + strength * tint
    inner = np.zeros_like(mask)
    inner[1:-1, 1:-1] = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    overlaid[mask & ~inner] = tint
    return np.rint(overlaid).astype(np.uint8)
