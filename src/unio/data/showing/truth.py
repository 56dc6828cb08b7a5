"""The ground truth of an example: drawn by the way that answers are drawn, and told field by field."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, cast

import numpy as np

from unio.core import InputError
from unio.data.tasks import TASKS
from unio.schema import Example, ModelOutput, Picture

__all__ = ["draw_truth", "truth_facts"]

LONGEST = 120


def draw_truth(example: Example) -> Picture | None:
    """The target, parsed by its family as if a model had said it, and drawn; None where it cannot be.

    Boxes and points have gone through the thousand location bins, as a model's own answers do.
    """
    if example.task not in TASKS:
        return None
    output = ModelOutput(text=example.target_text, image=example.target_image, audio=example.target_audio)
    try:
        return TASKS.get(example.task).parse(output, example).draw()
    except InputError:  # such as a sentence of free conversation without anything to draw
        return None


def truth_facts(example: Example) -> Mapping[str, str]:
    """What the family's score compares an answer with, in short words.

    Example: ``{"box": "[58., 16., 97., 48.]", "mask": "bool, 128 x 128"}``.
    """
    return {name: _told(value) for name, value in example.truth.items()}


def _told(value: Any) -> str:
    if isinstance(value, np.ndarray):
        array = cast(np.ndarray[Any, np.dtype[Any]], value)
        if array.size > 8:
            return f"{array.dtype}, {' x '.join(map(str, array.shape))}"
        return np.array2string(np.round(array, 3), separator=", ").replace("\n", "")
    if callable(value) or is_dataclass(value):  # a judge, a palette: their fields tell a reader nothing
        return type(value).__name__
    text = " ".join(repr(value).split()) if not isinstance(value, str) else value
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} .."
