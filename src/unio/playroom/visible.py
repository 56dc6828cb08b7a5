"""What can be looked at: anything that has MuJoCo geoms, colours and true normals."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float, Float32, Int

from unio.playroom.things import Material

__all__ = ["Boxed", "Solid", "Visible"]


class Boxed(Protocol):
    """A thing as planning meets it: the box around it."""

    @property
    def position(self) -> tuple[float, float, float]:
        """Its middle, in metres."""
        ...

    def corners(self) -> Float[np.ndarray, "8 3"]:
        """Where the corners of the tightest box around it are."""
        ...


class Solid(Protocol):
    """A thing as light meets it."""

    @property
    def material(self) -> Material:
        """How its surface answers light."""
        ...

    @property
    def half_extents(self) -> tuple[float, float, float]:
        """Half the lengths of the tightest box around it, along its own axes, in metres."""
        ...


class Visible(Protocol):
    """Solids in MuJoCo: ``roots[i]`` is the body of solid ``i``, ``owners[g]`` the solid of geom ``g``.

    Geoms without a solid, such as the floor, have the owner -1. The floor is in MuJoCo's group 1, what is
    to be seen on it in group 0.
    """

    mujoco: Any
    model: Any
    data: Any
    roots: Int[np.ndarray, " solids"]
    owners: Int[np.ndarray, " geoms"]

    @property
    def things(self) -> Sequence[Solid]:
        """The solids, in order."""
        ...

    def geom_colours(self) -> Float32[np.ndarray, "geoms 3"]:
        """Display RGB, 0..1, of each geom; zeros for what is no solid."""
        ...

    def refine_normals(
        self,
        origin: Float[np.ndarray, " 3"],
        directions: Float[np.ndarray, "rays 3"],
        *,
        ids: Int[np.ndarray, " rays"],
        distance: Float[np.ndarray, " rays"],
        normals: Float[np.ndarray, "rays 3"],
    ) -> None:
        """Replace, in place, the normals that rays found on MuJoCo's geoms by those of the true surfaces."""
        ...
