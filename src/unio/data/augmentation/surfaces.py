"""Normals asked for in other ways: other axes, some alone, at one point."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.core import InputError
from unio.data.tasks.normal_axes import AXES

__all__ = ["normal_at_fields", "normal_axes_fields"]

FOCUS_SHARE = 0.5
"""How often a point lies on what a source calls of interest, where it says so."""


def normal_axes_fields(normals: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``normals`` with the axes to be shown, the usual order left out."""
    names = [name for name in AXES if name != "x, y, z"]
    return {**normals, "axes": names[int(rng.integers(len(names)))]}


def normal_at_fields(normals: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """A record of ``normals`` with the middle of a pixel on a surface, and the normal there.

    Raises ``InputError`` for a picture without surface.
    """
    vectors = np.asarray(normals["normals"], np.float64)
    surface = np.linalg.norm(vectors, axis=2) > 0.5
    focus = normals.get("focus")
    if focus is not None and (surface & focus).any() and rng.random() < FOCUS_SHARE:
        surface &= np.asarray(focus, bool)
    places = np.argwhere(surface)
    if len(places) == 0:
        raise InputError("a picture without surface", expected="normals of length 1")
    y, x = (int(at) for at in places[int(rng.integers(len(places)))])
    vector = vectors[y, x]
    return {
        "image": normals["image"],
        "point": np.array([y + 0.5, x + 0.5]),
        "normal": vector / np.linalg.norm(vector),
    }
