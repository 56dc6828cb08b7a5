"""Episodes: things in motion, seen ten times a second, with every hit and the sound they make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from unio.playroom.bodies import TIMESTEP
from unio.playroom.contacts import Contact, ForceRecord
from unio.playroom.rotations import Quaternion
from unio.playroom.scene import Scene
from unio.playroom.simulator import Simulator
from unio.playroom.sound import mix_contacts
from unio.schema import Waveform

__all__ = ["FRAME_RATE", "Episode", "Push", "PusherPath", "Velocity", "simulate"]

FRAME_RATE = 10
"""States an episode keeps each second."""

_STEPS_A_FRAME = round(1 / (FRAME_RATE * TIMESTEP))

PusherPath = Callable[[float], Float[np.ndarray, " 3"]]
"""Where the pusher's middle is at a time in seconds."""


@dataclass(frozen=True, kw_only=True)
class Velocity:
    """How a thing starts: ``linear`` in m/s and ``angular`` in rad/s, both in the world's axes."""

    linear: tuple[float, float, float]
    angular: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Push:
    """A straight push along the floor between two places (y, x) of the picture, each 0..1."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What happened to a scene.

    ``scenes`` are its states every tenth of a second from time 0 on; ``contacts`` the hits, in order of
    time; ``seconds`` the length of the sound. ``actions`` are the pushes that were made, if any. An episode
    that is not ``is_stable`` is none that could happen: the simulation failed (`Simulator.is_stable`).
    """

    scenes: tuple[Scene, ...]
    contacts: tuple[Contact, ...]
    seconds: float
    actions: tuple[Push, ...] = ()
    is_stable: bool = True

    @cached_property
    def waveform(self) -> Waveform:
        """The sound of the hits: 16 kHz, ``seconds`` long, in step with ``scenes``."""
        first = self.scenes[0]
        return mix_contacts(self.contacts, first.things, seconds=self.seconds, seed=first.seed)


def simulate(
    scene: Scene,
    *,
    seconds: float,
    velocities: Mapping[int, Velocity] | None = None,
    releases: Mapping[int, float] | None = None,
    pusher: PusherPath | None = None,
    pusher_turn: Quaternion = (1.0, 0.0, 0.0, 0.0),
    with_contacts: bool = True,
) -> Episode:
    """Let ``seconds`` pass.

    ``velocities`` gives things by index a start; ``releases`` holds things still in the air until a time
    in seconds; ``pusher`` moves the bar, turned by ``pusher_turn``. Without contacts, and hence sound, the
    same happens several times faster.
    """
    simulator = Simulator(scene.things, with_pusher=pusher is not None)
    for index, velocity in (velocities or {}).items():
        axes = scene.things[index].rotation_matrix
        start = simulator.motion_of(index)
        simulator.data.qvel[start : start + 3] = velocity.linear
        simulator.data.qvel[start + 3 : start + 6] = np.asarray(velocity.angular) @ axes
    if pusher is not None:
        simulator.data.mocap_quat[0] = pusher_turn
    held = dict(releases or {})
    simulator.hold(held)
    record = ForceRecord(simulator)
    scenes = [scene]
    steps = round(seconds / TIMESTEP)
    stops = {_first_step(release) for release in held.values()}
    stops |= set(range(_STEPS_A_FRAME, steps + 1, _STEPS_A_FRAME))
    every_step = with_contacts or pusher is not None
    step = 0
    while step < steps:
        for index in [index for index, release in held.items() if step * TIMESTEP >= release]:
            simulator.release(index)
            del held[index]
        stride = 1 if every_step else min((stop for stop in stops if stop > step), default=steps) - step
        stride = min(stride, steps - step)
        if pusher is not None:
            simulator.data.mocap_pos[0] = pusher((step + 1) * TIMESTEP)
        simulator.step(stride)
        if with_contacts:
            record.add_step()
        step += stride
        if step % _STEPS_A_FRAME == 0:
            scenes.append(scene.replace(things=simulator.things_now()))
    return Episode(
        scenes=tuple(scenes),
        contacts=record.contacts(),
        seconds=seconds,
        is_stable=simulator.is_stable,
    )


def _first_step(release: float) -> int:
    """The first step whose time has reached ``release``; the loop above compares the same numbers."""
    step = max(int(release / TIMESTEP) - 1, 0)
    while step * TIMESTEP < release:
        step += 1
    return step
