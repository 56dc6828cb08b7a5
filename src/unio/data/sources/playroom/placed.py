"""Records of what a robot does in one go: pick and place, the goal as a picture, and the state afterwards.

Problems are of the full world, whichever world the source is of, without dolls: they fall over by themselves.
"""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from jaxtyping import Float

from unio.core import InputError
from unio.data.sources.playroom.filmed import LEAST_SEEN, film_view, shows_its_deed
from unio.data.sources.playroom.views import Setting
from unio.data.tasks.scoring.pictures import changed_pixels
from unio.playroom import Frame, Scene, apply_push, expert_push, push_problem, render
from unio.playroom.films import has_doll
from unio.playroom.grasping import PickPlace, apply_pick_place
from unio.playroom.language.films import plain_name
from unio.playroom.language.robots import pick_instruction, robot_question, slide_instruction
from unio.playroom.pick_problems import Goal, PickProblem, is_done, pick_problem

__all__ = [
    "Deed",
    "done_deed",
    "goal_image_record",
    "next_state_record",
    "pick_place_record",
    "robot_vqa_record",
]

Fields = dict[str, Any]

_LEAST_CHANGE = 0.002
"""Share of the picture that a deed must change to be worth a picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Deed:
    """A push (``goal`` None) or a pick and place that has been done, seen before and afterwards.

    One that is not ``is_stable`` shows what cannot happen.
    """

    mover: int
    goal: Goal | None
    other: int
    before: Scene
    after: Scene
    frames: tuple[Frame, Frame]
    is_stable: bool

    def instruction(self, rng: np.random.Generator) -> str:
        """What was to be done."""
        mover, other = self.before.things[self.mover], self.before.things[self.other]
        if self.goal is None:
            return slide_instruction(mover, other, rng)
        return pick_instruction(mover, self.goal, other, rng)


@lru_cache(maxsize=16)
def done_deed(setting: Setting) -> Deed:
    """The expert's deed of a setting: a push for even seeds, a pick and place for odd."""
    if setting.seed % 2:
        problem = _pick(setting)
        before, mover, goal, other = problem.scene, problem.mover, problem.goal, problem.other
        episode = apply_pick_place(before, problem.expert, with_contacts=False)
    else:
        push = push_problem(setting.seed, setting.split, world="full")
        before, mover, goal, other = push.scene, push.mover, None, push.goal
        episode = apply_push(before, expert_push(before, mover, other), with_contacts=False)
    after = episode.scenes[-1]
    frames = (render(before, size=setting.size), render(after, size=setting.size))
    return Deed(
        mover=mover,
        goal=goal,
        other=other,
        before=before,
        after=after,
        frames=frames,
        is_stable=episode.is_stable,
    )


def pick_place_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an instruction, the expert's pick and place, and a way to try any others."""
    problem = _pick(setting)
    if has_doll(problem.scene):
        return None
    things, action = problem.scene.things, problem.expert
    (pick_y, pick_x), (place_y, place_x) = np.array([action.pick, action.place]) * setting.size
    return {
        "image": _before(setting).rgb,
        "instruction": pick_instruction(things[problem.mover], problem.goal, things[problem.other], rng),
        "steps": np.array([[pick_y, pick_x, 0.0, place_y, place_x, action.turned]]),
        "succeeds": partial(_solves, problem, setting.size),
    }


def goal_image_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an instruction, and the picture when the expert has done it."""
    deed = done_deed(setting)
    before, after = (frame.rgb for frame in deed.frames)
    if not _is_told(deed) or changed_pixels(before, after).mean() < _LEAST_CHANGE:
        return None
    return {"image": before, "instruction": deed.instruction(rng), "picture": after}


def next_state_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A picture, an instruction, and the box afterwards of what the expert moves, if it is seen then."""
    deed = done_deed(setting)
    before, after = deed.frames
    if not _is_told(deed) or after.pixel_counts()[deed.mover] < LEAST_SEEN * after.ids.size:
        return None
    return {
        "image": before.rgb,
        "instruction": deed.instruction(rng),
        "name": plain_name(deed.before.things[deed.mover]),
        "box": after.boxes()[deed.mover] * setting.size,
    }


def _is_told(deed: Deed) -> bool:
    return deed.is_stable and not has_doll(deed.before)


def robot_vqa_record(setting: Setting, rng: np.random.Generator) -> Fields | None:
    """A film of a robot that pushes (even seeds) or lifts (odd), and a question about what it did."""
    view = film_view(setting, "lift" if setting.seed % 2 else "slide")
    if not shows_its_deed(view):
        return None
    asked = robot_question(view.made, rng)
    return {**view.video(), "question": asked.text, "answer": asked.answer, "kind": asked.kind}


@lru_cache(maxsize=32)
def _pick(setting: Setting) -> PickProblem:
    return pick_problem(setting.seed, setting.split)


@lru_cache(maxsize=32)
def _before(setting: Setting) -> Frame:
    return render(_pick(setting).scene, size=setting.size)


def _solves(problem: PickProblem, size: int, steps: Float[np.ndarray, "steps 6"]) -> bool:
    """Whether the steps, done one after another, bring about the goal; one off the picture ends it."""
    scene = problem.scene
    for pick_y, pick_x, pick_turn, place_y, place_x, place_turn in np.asarray(steps).tolist():
        action = PickPlace(
            pick=(pick_y / size, pick_x / size),
            place=(place_y / size, place_x / size),
            turned=place_turn - pick_turn,
        )
        try:
            scene = apply_pick_place(scene, action, with_contacts=False).scenes[-1]
        except InputError:
            return False
    return is_done(problem.scene, scene, problem.mover, problem.goal, problem.other)
