"""Examples as long as the paper's: streams and targets by its mixtures' rates, lengths by the spec.

The rates are those of the instruction-tuning table (shared/spec/tasks_and_data.md); of images, sounds and
their histories 87.5 % of the patches are kept. The paper gives no lengths of texts: they are drawn from
log-normal laws whose medians are stated here, cut at 512 and prompts so that an example fits 864 places.
"""

from dataclasses import dataclass

import numpy as np

from unio.core import random_stream
from unio.model import ModelConfig
from unio.schema import Features, PatchFeatures, TargetFeatures, TargetModality

__all__ = ["PaperItems"]

TEXT, IMAGE, AUDIO = TargetModality.TEXT, TargetModality.IMAGE, TargetModality.AUDIO
KEPT = 0.875
LONGEST = 864
"""Encoder places of the reference's packed rows: what is longer it cuts."""


@dataclass(frozen=True)
class Family:
    """How often (%), what it reads beside its prompt, what it writes, median tokens of prompt and answer."""

    name: str
    rate: float
    target: TargetModality
    pictures: int = 0
    frames: int = 0
    sounds: int = 0
    segments: int = 0
    prompt: int = 30
    answer: int = 20


FAMILIES = (
    Family("image from text", 10.6, IMAGE),
    Family("controlled, edited, inpainted, next image", 7.0, IMAGE, pictures=1),
    Family("audio from text", 5.62, AUDIO),
    Family("audio from video", 1.88, AUDIO, pictures=1, frames=4),
    Family("image understanding", 17.8, TEXT, pictures=1),
    Family("image sparse labelling", 7.25, TEXT, pictures=1, answer=60),
    Family("image dense labelling", 4.06, IMAGE, pictures=1),
    Family("video understanding", 10.6, TEXT, pictures=1, frames=4, sounds=1),
    Family("video sparse labelling", 3.42, TEXT, pictures=1, frames=4, answer=60),
    Family("audio understanding", 2.5, TEXT, sounds=1, segments=2),
    Family("natural language", 25.0, TEXT, prompt=150, answer=80),
    Family("embodied", 4.33, TEXT, pictures=1, frames=2, answer=40),
)


@dataclass(frozen=True)
class PaperItems:
    """An item maker: features of the paper's lengths, all of whose values are zero or ids without sense."""

    config: ModelConfig
    seed: int = 0

    def name(self, index: int) -> str:
        """The family."""
        return self._family(index).name

    def make(self, index: int) -> Features:
        """Item number ``index``."""
        family = self._family(index)
        rng = random_stream(self.seed, "paper lengths", index)
        image, audio = self.config.geometry.image, self.config.geometry.audio
        width, sound_width = 3 * image.patch_size**2, audio.patch_size**2
        beside = round(KEPT * (576 * family.pictures + 128 * family.sounds)) + 32 * family.frames
        room = LONGEST - beside - 16 * family.segments
        return Features(
            task=family.name,
            text=np.full(min(_length(family.prompt, rng), room), 5),
            image=_frames(family.pictures, image.input_grid, width, rng),
            image_history=_frames(family.frames, image.history_grid, width, rng),
            audio=_frames(family.sounds, audio.input_grid, sound_width, rng),
            audio_history=_frames(family.segments, audio.input_grid, sound_width, rng),
            target=self._target(family, rng),
        )

    def _family(self, index: int) -> Family:
        rates = np.array([one.rate for one in FAMILIES])
        drawn = random_stream(self.seed, "family", index).choice(len(FAMILIES), p=rates / rates.sum())
        return FAMILIES[int(drawn)]

    def _target(self, family: Family, rng: np.random.Generator) -> TargetFeatures:
        if family.target is TEXT:
            return TargetFeatures(modality=TEXT, ids=np.full(_length(family.answer, rng), 7))
        image, audio = self.config.geometry.image, self.config.geometry.audio
        # Media that no codec sees: the benchmark puts ids in their place.
        shape = (
            (image.target_size, image.target_size, 3)
            if family.target is IMAGE
            else (
                audio.frames,
                audio.mels,
            )
        )
        return TargetFeatures(modality=family.target, media=np.zeros(shape, dtype=np.float32))


def _length(median: int, rng: np.random.Generator) -> int:
    return int(np.clip(rng.lognormal(np.log(median), 0.8), 2, 512))


def _frames(count: int, grid: tuple[int, int], width: int, rng: np.random.Generator) -> PatchFeatures | None:
    if not count:
        return None
    patches = grid[0] * grid[1]
    kept = round(KEPT * patches)
    positions = np.stack([np.sort(rng.permutation(patches)[:kept]) for _ in range(count)])
    return PatchFeatures(
        patches=np.zeros((count, kept, width), dtype=np.float32),
        mask=np.ones((count, kept), dtype=bool),
        positions=positions,
    )
