"""A user's own words and media as an `Example` (spec section 3): prefix and media pieces are added."""

import re
from collections.abc import Sequence
from numbers import Integral
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from unio.core import InputError
from unio.media import AudioLimits, MediaLimits, load_audio, load_image
from unio.schema import Example, Paradigm, Picture, TargetModality, Waveform, prompt_prefix

__all__ = ["PictureSource", "SoundSource", "free_example", "free_prompt", "read_sound"]

PictureSource = str | Path | bytes | Image.Image | np.ndarray
"""A file, its bytes, a Pillow picture, or an array as `load_image` takes it."""

SoundSource = str | Path | bytes | Waveform | tuple[np.ndarray, int]
"""A file, its bytes, a waveform, or (samples, rate); samples are (count,) or (count, channels)."""

PREFIXES = tuple(prompt_prefix(target, paradigm) for target in TargetModality for paradigm in Paradigm)

FREE_TASK = "generate"
"""What examples and predictions of free prompts are called."""


def free_prompt(text: str, *, output: TargetModality, pieces: Sequence[str]) -> str:
    """``text`` with the prefix of ``output`` before it, unless it begins with one, and missing pieces behind.

    Example::

        free_prompt("What is this?", output=TargetModality.TEXT, pieces=["<image_input>"])
        # "[Text] [S] What is this? <image_input>"

    Raises ``InputError`` if the text begins with the prefix of another output, or names a medium that
    was not given.
    """
    words = " ".join(text.split())
    prefix = next((one for one in PREFIXES if words.startswith(one)), None)
    if prefix is None:
        words = f"{prompt_prefix(output)} {words}".rstrip()
    elif not prefix.startswith(prompt_prefix(output).split()[0]):
        raise InputError(
            "the prompt's prefix asks for another output", got=repr(prefix), expected=prompt_prefix(output)
        )
    written = re.findall(r"<(?:image|audio)_(?:input|history_\d+)>", words)
    for piece in written:
        if piece not in pieces:
            raise InputError(
                f"the prompt names {piece}, which was not given",
                expected=", ".join(pieces) or "a prompt without media",
            )
    return " ".join([words, *(piece for piece in pieces if piece not in written)])


def free_example(
    text: str,
    *,
    output: TargetModality,
    rate: int,
    image: PictureSource | None = None,
    audio: SoundSource | None = None,
    image_history: Sequence[PictureSource] = (),
    audio_history: Sequence[SoundSource] = (),
    limits: MediaLimits | None = None,
) -> Example:
    """A free request as an example; sounds are brought to ``rate``. Raises ``InputError`` for bad input."""
    limits = limits or MediaLimits()
    pieces = [f"<image_history_{number}>" for number in range(1, len(image_history) + 1)]
    pieces += ["<image_input>"] * (image is not None)
    pieces += [f"<audio_history_{number}>" for number in range(1, len(audio_history) + 1)]
    pieces += ["<audio_input>"] * (audio is not None)
    if not text.strip() and not pieces:
        raise InputError("nothing to answer", got="an empty prompt and no media", expected="some words")
    pictures: tuple[Picture, ...] = tuple(load_image(one, limits=limits.image) for one in image_history)
    return Example(
        task=FREE_TASK,
        prompt=free_prompt(text, output=output, pieces=pieces),
        target_modality=output,
        image=None if image is None else load_image(image, limits=limits.image),
        image_history=pictures,
        audio=None if audio is None else read_sound(audio, rate=rate, limits=limits.audio),
        audio_history=tuple(read_sound(one, rate=rate, limits=limits.audio) for one in audio_history),
    )


def read_sound(source: SoundSource, *, rate: int, limits: AudioLimits | None = None) -> Waveform:
    """A sound as mono float32 at ``rate`` samples a second. Raises ``InputError``."""
    if not isinstance(source, tuple):
        return load_audio(source, rate=rate, limits=limits)
    # What a user passes may be anything, whatever the annotation says.
    samples, given_rate = np.asarray(source[0]), cast(object, source[1])
    is_whole = np.issubdtype(samples.dtype, np.signedinteger)
    if samples.ndim not in (1, 2) or not (is_whole or np.issubdtype(samples.dtype, np.floating)):
        raise InputError(
            "samples of a sound have a wrong shape or type",
            got=f"{samples.dtype} {samples.shape}",
            expected="(samples, rate), samples (count,) or (count, channels), floating or signed",
        )
    if not isinstance(given_rate, Integral):
        raise InputError("a sound without its rate", got=repr(given_rate)[:80], expected="samples a second")
    if is_whole:
        samples = samples / np.iinfo(samples.dtype).max
    mono = samples.mean(axis=1) if samples.ndim == 2 else samples
    waveform = Waveform(samples=mono.astype(np.float32), rate=int(given_rate))
    return load_audio(waveform, rate=rate, limits=limits)
