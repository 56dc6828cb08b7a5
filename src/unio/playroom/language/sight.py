"""`Sight`: what can truly be said of a picture: the things in view and how they lie to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np

from unio.playroom.frame import Frame
from unio.playroom.scene import Scene
from unio.playroom.stacking import carriers_of
from unio.playroom.things import Thing

__all__ = ["OPPOSITE", "RELATIONS", "Placed", "Relation", "Seen", "Sight", "carried_where", "holds"]

Relation = Literal["left of", "right of", "in front of", "behind"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
OPPOSITE: Mapping[Relation, Relation] = {
    "left of": "right of",
    "right of": "left of",
    "in front of": "behind",
    "behind": "in front of",
}

_SEEN_SHARE = 0.0015
_MARGIN_ACROSS = 0.05
_MARGIN_NEAR = 0.06


class Placed(Protocol):
    """Something in view, of which relations can be told."""

    @property
    def across(self) -> float:
        """Its middle's place from the picture's left edge, 0..1."""
        ...

    @property
    def near(self) -> float:
        """How far it lies towards the viewer over the floor, in metres."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """A thing in view.

    ``across`` and ``down`` are its middle's place from the picture's left and upper edge, 0..1; ``near`` how
    far it lies towards the viewer over the floor, in metres.
    """

    index: int
    thing: Thing
    across: float
    down: float
    near: float

    def value(self, attribute: str) -> str:
        """Its ``size``, ``colour``, ``material`` or ``shape``."""
        return str(getattr(self.thing, attribute))


@dataclass(frozen=True, kw_only=True, eq=False)
class Sight:
    """The things in view, from left to right.

    ``carriers`` tells, by index, on or in which thing another one is; both are in view.
    """

    seen: tuple[Seen, ...]
    carriers: Mapping[int, int] = field(default_factory=dict[int, int])

    @classmethod
    def of(cls, scene: Scene, frame: Frame) -> "Sight":
        """What a frame shows of its scene: things that fill at least 0.15 % of the picture.

        A thing that is hidden further than that does not count as being there.
        """
        least = max(1, round(_SEEN_SHARE * frame.ids.size))
        seen = [cls.measure(scene, int(index)) for index in frame.visible(least)]
        in_view = {one.index for one in seen}
        carriers = {
            index: carrier
            for index, carrier in carriers_of(scene.things).items()
            if index in in_view and carrier in in_view
        }
        return cls(seen=tuple(sorted(seen, key=lambda one: one.across)), carriers=carriers)

    @staticmethod
    def measure(scene: Scene, index: int) -> Seen:
        """Where a thing lies as the scene's camera sees it, in view or not."""
        towards = scene.camera.rotation[:2, 2] / np.linalg.norm(scene.camera.rotation[:2, 2])
        thing = scene.thing(index)
        down, across = scene.camera.project(np.array([thing.position])).points[0].tolist()
        near = float(np.dot(thing.position[:2], towards))
        return Seen(index=index, thing=thing, across=across, down=down, near=near)

    @property
    def is_flat(self) -> bool:
        """Whether all stands on the floor."""
        return not self.carriers

    def by_index(self, index: int) -> Seen | None:
        """The thing in view that has this index in the scene; None if it is not in view."""
        return next((one for one in self.seen if one.index == index), None)

    def __len__(self) -> int:
        return len(self.seen)

    def matching(self, attributes: Mapping[str, str]) -> tuple[Seen, ...]:
        """The things in view with all these attributes, such as ``{"colour": "red"}``."""
        return tuple(
            one
            for one in self.seen
            if all(one.value(attribute) == value for attribute, value in attributes.items())
        )


def holds(first: Placed, relation: Relation, second: Placed) -> bool | None:
    """Whether the relation is plainly true or plainly false; None where it is too close to call.

    Left and right are as seen in the picture; in front is nearer to the viewer over the floor.
    """
    if relation in ("left of", "right of"):
        lead, margin = second.across - first.across, _MARGIN_ACROSS
    else:
        lead, margin = first.near - second.near, _MARGIN_NEAR
    if relation in ("right of", "behind"):
        lead = -lead
    return None if abs(lead) < margin else lead > 0


def carried_where(carrier: Seen | None) -> str:
    """How what is carried lies to its carrier: in a bowl, on anything else."""
    return "in" if carrier is not None and carrier.thing.shape == "bowl" else "on"
