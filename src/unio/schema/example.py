"""`Example`: one thing to learn or to answer, before any model-specific arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from unio.schema.modality import TargetModality

__all__ = ["Example", "Picture", "Waveform"]

Picture = UInt8[np.ndarray, "_height _width 3"]
"""RGB, 0..255."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Waveform:
    """Mono sound.

    ``samples`` are float32 in [-1, 1]; ``rate`` is in samples a second.
    """

    samples: Float[np.ndarray, " samples"]
    rate: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """What a task makes of a source's record: a complete prompt, its media, the target and the truth.

    ``prompt`` begins with the modality-and-paradigm prefix and names its media by their pieces
    (``<image_input>``). Exactly one target field fits ``target_modality``; all three are None when
    there is only a question. ``choices`` are the answers that the question offers, where it offers any.
    ``truth`` is what the task's metric compares an answer with, and is
    never shown to the model.
    """

    task: str
    prompt: str
    target_modality: TargetModality
    image: Picture | None = None
    image_history: tuple[Picture, ...] = ()
    audio: Waveform | None = None
    audio_history: tuple[Waveform, ...] = ()
    target_text: str | None = None
    target_image: Picture | None = None
    target_audio: Waveform | None = None
    choices: tuple[str, ...] = ()
    truth: Mapping[str, Any] = field(default_factory=dict[str, Any])
