"""Contacts: hits loud enough to hear, found in the forces between things."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from unio.playroom.bodies import TIMESTEP
from unio.playroom.rays import FLOOR_ID
from unio.playroom.simulator import Simulator
from unio.playroom.things import Material

__all__ = ["Contact", "ForceRecord"]

_GRAVITY = 9.81
_MIN_SPEED = 0.06
"""Least change of speed, in m/s, that a hit must give the lighter partner to be heard."""
_PRESSING = 1.6
"""A partner pressed harder than this many times its own weight is being hit, not lying there."""
_LONGEST = 15
"""Steps of a hit that count; a thing that is shoved for longer is not hit again."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """``thing`` hits ``other`` (-1: the floor) ``time`` seconds in, with ``impulse`` in newton seconds.

    ``material`` is that of ``thing``. Of two things, ``thing`` is the one with the lower index.
    """

    time: float
    thing: int
    other: int
    impulse: float
    material: Material


class ForceRecord:
    """Forces between all pairs, step by step."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._pairs = len(simulator.things) + 1
        self._steps: list[Float[np.ndarray, " pairs_squared"]] = []
        self._nothing = np.zeros(self._pairs**2)

    def add_step(self) -> None:
        """Note the forces of the step that has just been made."""
        data = self._simulator.data
        if not data.ncon:
            self._steps.append(self._nothing)
            return
        contact = data.contact
        partners = np.sort(self._simulator.owners[contact.geom] + 1, axis=1)  # 0 is the floor
        heard = (partners[:, 1] < self._pairs) & (contact.efc_address >= 0)  # the pusher is silent
        partners = partners[heard]
        forces = data.efc_force[contact.efc_address[heard]]
        places = partners[:, 0] * self._pairs + partners[:, 1]
        self._steps.append(np.bincount(places, weights=forces, minlength=self._pairs**2))

    def contacts(self) -> tuple[Contact, ...]:
        """All hits so far, in order of time."""
        if not self._steps:
            return ()
        forces = np.stack(self._steps)
        masses = self._simulator.masses
        found: list[Contact] = []
        for place in np.flatnonzero(forces.any(axis=0)):
            low, high = divmod(int(place), self._pairs)
            first, second = (high - 1, FLOOR_ID) if low == 0 else (low - 1, high - 1)
            lighter = masses[first] if second == FLOOR_ID else min(masses[first], masses[second])
            found.extend(
                Contact(
                    time=start * TIMESTEP,
                    thing=first,
                    other=second,
                    impulse=impulse,
                    material=self._simulator.things[first].material,
                )
                for start, impulse in _hits(forces[:, place], float(lighter))
            )
        return tuple(sorted(found, key=lambda contact: (contact.time, contact.thing, contact.other)))


def _hits(force: Float[np.ndarray, " steps"], mass: float) -> Iterator[tuple[int, float]]:
    """The first step and the impulse of each hit in one pair's force over time."""
    excess = force - mass * _GRAVITY
    for start, stop in _runs(force > _PRESSING * mass * _GRAVITY):
        impulse = float(excess[start : min(stop, start + _LONGEST)].sum() * TIMESTEP)
        if impulse > _MIN_SPEED * mass:
            yield start, impulse


def _runs(flags: Bool[np.ndarray, " steps"]) -> Sequence[tuple[int, int]]:
    """Start and stop of each stretch of True."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]
