"""`PlayroomSource`: the built-in world as examples of every family it has data for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from unio.core import ConfigError, InputError, random_stream
from unio.data.sources.playroom import (
    augmented,
    chosen,
    compared,
    counted,
    drawn,
    filmed,
    followed,
    handled,
    heard,
    moved_camera,
    placed,
    pointed,
    posed,
    repainted,
    seen,
    spoken,
    talked,
    text_problems,
    walked,
)
from unio.data.sources.playroom.acting import PushTrial, act_record, start_trial
from unio.data.sources.playroom.views import Setting, View, still_view
from unio.data.tasks import TASKS
from unio.playroom import SPLITS, WORLDS, Split, World
from unio.playroom.speech import can_speak
from unio.schema import Example

__all__ = ["PlayroomSource"]

Maker = Callable[[Setting, np.random.Generator], dict[str, Any] | None]
"""Makes a record of a setting; None if this scene has nothing for the family."""

_MAKERS: dict[str, Maker] = {
    "image_from_text": drawn.from_text_record,
    "image_from_segmentation": drawn.from_segmentation_record,
    "image_edit": drawn.edit_record,
    "next_frame": drawn.next_frame_record,
    "audio_from_text": heard.from_text_record,
    "caption": seen.caption_record,
    "vqa": seen.vqa_record,
    "tag": seen.tag_record,
    "region_class": seen.region_record,
    "detect": seen.detect_record,
    "refer": seen.refer_record,
    "camera_pose": moved_camera.camera_record,
    "segment": seen.segment_record,
    "depth": seen.depth_record,
    "normals": seen.normals_record,
    "audio_tag": heard.audio_tag_record,
    "audio_caption": heard.audio_caption_record,
    "act": act_record,
    "arithmetic": text_problems.arithmetic_record,
    "sort": text_problems.sort_record,
    # What moves: films, walks, robots and sounds.
    "video_caption": filmed.video_caption_record,
    "video_vqa": filmed.video_vqa_record,
    "video_class": filmed.video_class_record,
    "video_sound": filmed.video_sound_record,
    "track": followed.track_record,
    "action_localise": followed.action_localise_record,
    "sound_localise": followed.sound_localise_record,
    "count_hits": counted.count_hits_record,
    "navigate": walked.navigate_record,
    "pick_place": placed.pick_place_record,
    "manipulate": handled.manipulate_record,
    "goal_image": placed.goal_image_record,
    "next_state": placed.next_state_record,
    "robot_vqa": placed.robot_vqa_record,
    "transcribe": spoken.transcribe_record,
    "speak": spoken.speak_record,
    # Parts of a picture, two pictures, and answers to choose from.
    "view_synthesis": moved_camera.view_synthesis_record,
    "inpaint": repainted.inpaint_record,
    "controllable_image": repainted.controllable_record,
    "classify": chosen.classify_record,
    "region_caption": pointed.region_caption_record,
    "image_pair_difference": compared.difference_record,
    "image_pair_vqa": compared.pair_question_record,
    "localise": pointed.localise_record,
    "point": pointed.point_record,
    "keypoints": posed.keypoints_record,
    "cuboid": posed.cuboid_record,
    "segment_box": pointed.segment_box_record,
    "segment_refer": seen.segment_record,
    "optical_flow": compared.flow_record,
    "instruct": chosen.riddle_record,
    "choose": chosen.choose_record,
    # Free form.
    "converse": talked.converse_record,
    "converse_image": talked.converse_image_record,
    "converse_audio": talked.converse_audio_record,
    # Augmented.
    "continue_text": augmented.continue_text_record,
    "segment_many": augmented.segment_many_record,
    "segment_in_box": augmented.segment_in_box_record,
    "box_property": augmented.box_property_record,
    "refer_many": augmented.refer_many_record,
    "relations": augmented.relations_record,
    "bounded_caption": augmented.bounded_caption_record,
    "normal_axes": augmented.normal_axes_record,
    "normal_at": augmented.normal_at_record,
}

_ATTEMPTS = 200
_SHARED_SCENES = 8

_SPEECH = frozenset({"transcribe", "speak"})
"""Families that the extra ``speech`` brings."""

_UNSHARED = frozenset({"audio_from_text", "video_sound", "speak", "converse_audio"})
"""Families that make sounds: in a batch these are their own neighbours, and would share with themselves."""


@dataclass(frozen=True, kw_only=True)
class PlayroomSource:
    """Examples of the playroom: a pure function of (task, seed, index), the same in every process.

    - ``split``: ``train``, ``test`` or ``novel``. ``size``: side of the pictures, in pixels.
    - ``examples_per_scene``: this many neighbouring indices share a scene, which is rendered once; None is
      8 in training, where neighbours are of different families, and 1 otherwise.
    - ``world``: ``first``, the world of `unio-nano`, or ``full`` with all shapes, stacks, bowls and dolls.

    Example::

        PlayroomSource(split="test").example("vqa", 0, 17).prompt
        # "[Text] [S] Question: What colour is the ball? Answer: <image_input>"
    """

    split: Split
    size: int = 128
    examples_per_scene: int | None = None
    world: World = "first"

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ConfigError("unknown split", got=repr(self.split), expected=f"one of {', '.join(SPLITS)}")
        if self.world not in WORLDS:
            raise ConfigError("unknown world", got=repr(self.world), expected=f"one of {', '.join(WORLDS)}")
        if self.examples_per_scene is not None and self.examples_per_scene < 1:
            raise ConfigError(
                "examples_per_scene too small", got=self.examples_per_scene, expected="1 or more"
            )

    def families(self) -> list[str]:
        """Names of the tasks that it has data for; those of speech only where its extra is installed."""
        return [name for name in _MAKERS if name not in _SPEECH or can_speak()]

    def example(self, task: str, seed: int, index: int) -> Example:
        """Example number ``index`` of a family.

        Raises ``ConfigError`` for a family without data here, and ``MissingExtraError`` for one of speech
        where the extra ``speech`` is not installed.
        """
        family = TASKS.get(task)
        rng = random_stream(seed, "playroom source", task, index)
        return family.example(self._record(task, seed, index, rng), rng)

    def record(self, task: str, seed: int, index: int) -> dict[str, Any]:
        """The fields that example number ``index`` of a family is made of."""
        return self._record(task, seed, index, random_stream(seed, "playroom source", task, index))

    def view(self, seed: int, index: int) -> View:
        """The resting scene of the examples number ``index`` that look at one, with its exact truth."""
        return still_view(self._setting("caption", seed, index, 0))

    def push_trial(self, seed: int, index: int) -> PushTrial:
        """Push problem number ``index`` for `closed_loop`, the same as that of ``example("act", ..)``."""
        for attempt in range(_ATTEMPTS):
            trial = start_trial(self._setting("act", seed, index, attempt))
            if trial is not None:
                return trial
        raise AssertionError("push problems name their things by colour and shape")

    def walk_trial(self, seed: int, index: int) -> walked.WalkTrial:
        """Walk number ``index`` for `closed_loop`, the same as that of ``example("navigate", ..)``."""
        return walked.start_walk(self._setting("navigate", seed, index, 0))

    def hand_trial(self, seed: int, index: int) -> handled.HandTrial:
        """Handling number ``index`` for `closed_loop`, the same as that of ``example("manipulate", ..)``."""
        for attempt in range(_ATTEMPTS):
            trial = handled.start_hand(self._setting("manipulate", seed, index, attempt))
            if trial is not None:
                return trial
        raise AssertionError("the expert succeeds nearly always")

    def _record(self, task: str, seed: int, index: int, rng: np.random.Generator) -> dict[str, Any]:
        """A record from the index's scene, or from the first of its stand-ins that has one."""
        if task not in _MAKERS:
            raise ConfigError("the playroom has no data for this task", got=task, expected=", ".join(_MAKERS))
        for attempt in range(_ATTEMPTS):
            record = _MAKERS[task](self._setting(task, seed, index, attempt), rng)
            if record is not None:
                return record
        raise InputError(f"no scene for {task!r} found", got=f"{_ATTEMPTS} tried at index {index}")

    def _setting(self, task: str, seed: int, index: int, attempt: int) -> Setting:
        shared = self.examples_per_scene or (_SHARED_SCENES if self.split == "train" else 1)
        if task in _UNSHARED:
            shared = 1
        names = ("playroom scene", index // shared, *((attempt,) if attempt else ()))
        scene_seed = int(random_stream(seed, *names).integers(2**62))
        return Setting(seed=scene_seed, split=self.split, size=self.size, world=self.world)
