"""A tiny world for the tests of data and training: pictures of one colour, sounds of one pitch."""

from dataclasses import dataclass

import numpy as np

from unio.core import random_stream
from unio.schema import AudioGeometry, Example, Geometry, ImageGeometry, TargetModality, Waveform

GEOMETRY = Geometry(
    image=ImageGeometry(
        input_size=16, history_size=8, target_size=16, patch_size=8, code_stride=8, history_latents=2
    ),
    audio=AudioGeometry(window=64, hop=16, mels=16, frames=16, patch_size=8, code_patch=8, history_latents=3),
    text_length=24,
)
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}


class LetterTokenizer:
    """One id a letter: code point + 3, cut at 255."""

    def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
        ids = [3 + min(ord(letter), 252) for letter in text]
        return ids if max_length is None else [*ids[: max_length - 1], 1]


@dataclass(frozen=True)
class SyntheticSource:
    """Tasks ``name`` (picture -> text), ``paint`` (text -> picture), ``hum`` (text -> sound).

    Of 100 examples of ``name``, ``broken_of_100`` raise.
    """

    broken_of_100: int = 0

    def example(self, task: str, seed: int, index: int) -> Example:
        rng = random_stream(seed, task, index)
        colour = str(rng.choice(list(COLOURS)))
        picture = np.zeros((8, 12, 3), dtype=np.uint8)
        picture[:] = COLOURS[colour]
        match task:
            case "name":
                if index % 100 < self.broken_of_100:
                    raise ValueError("no such picture")
                return Example(
                    task=task,
                    prompt="what colour?"[: int(rng.integers(4, 12))],
                    target_modality=TargetModality.TEXT,
                    image=picture,
                    target_text=colour,
                )
            case "paint":
                return Example(
                    task=task, prompt=colour, target_modality=TargetModality.IMAGE, target_image=picture
                )
            case "hum":
                pitch = float(rng.choice([500, 1000, 2000]))
                samples = np.sin(np.arange(240) * pitch * 2 * np.pi / 16000).astype(np.float32)
                return Example(
                    task=task,
                    prompt=f"{pitch:.0f} Hz",
                    target_modality=TargetModality.AUDIO,
                    target_audio=Waveform(samples=samples, rate=16000),
                )
            case _:
                raise KeyError(task)
