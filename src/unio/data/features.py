"""`featurise`: an example as the arrays the model reads (spec sections 5 and 6).

Pictures are fitted into their square, CLIP-normalised and cut into patches; sounds become patches of
a normalised log-mel; texts become ids; targets stay media until a codec turns them into codes.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float, Int

from unio.core import InputError
from unio.data.history import Segment, check_history, name_segments
from unio.data.subsample import keep_patches
from unio.media import (
    audio_patches,
    fit_image,
    image_patches,
    log_mel,
    normalise_clip,
    patch_mask,
    split_segments,
    to_target,
)
from unio.schema import (
    AudioGeometry,
    Example,
    Features,
    Geometry,
    ImageGeometry,
    PatchFeatures,
    Picture,
    TargetFeatures,
    TargetModality,
    Waveform,
)

__all__ = ["TextEncoder", "featurise", "target_picture", "target_sound"]

FLOOR = 1e-5
"""The power that a log-mel's values are cut to (spec section 5)."""


class TextEncoder(Protocol):
    """The part of a text tokenizer that features need."""

    def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
        """Ids of ``text``, cut and closed with the end token when ``max_length`` is given."""
        ...


def featurise(
    example: Example,
    *,
    tokenizer: TextEncoder,
    geometry: Geometry,
    rng: np.random.Generator | None = None,
    keep: float = 1.0,
) -> Features:
    """The arrays of one example.

    ``keep`` below 1 leaves that share of every frame's patches, drawn with ``rng`` (training only;
    the kept patches carry their true positions). A sound longer than a segment fills ``audio`` with
    its last segment and the history with those before it, which the prompt then names.

    Raises ``InputError`` if there is more history than the geometry allows, or a sound at another
    sample rate.
    """
    if keep < 1.0 and rng is None:
        raise InputError("patches can be left out only at random", got=f"keep={keep}", fix="give rng")
    image, audio = geometry.image, geometry.audio
    pictures = [] if example.image is None else [example.image]
    heard = check_history(example, geometry)
    streams = {
        "image": _pictures(pictures, image.input_size, image),
        "image_history": _pictures(example.image_history, image.history_size, image),
        "audio": _sounds(heard.current, audio),
        "audio_history": _sounds(heard.history, audio),
    }
    if rng is not None and keep < 1.0:
        streams = {
            name: features and keep_patches(features, share=keep, rng=rng)
            for name, features in streams.items()
        }
    return Features(
        task=example.task,
        text=_token_ids(name_segments(example.prompt, history=len(heard.history)), tokenizer, geometry),
        target=_target(example, tokenizer, geometry),
        image=streams["image"],
        image_history=streams["image_history"],
        audio=streams["audio"],
        audio_history=streams["audio_history"],
    )


def target_picture(picture: Picture, geometry: ImageGeometry) -> Float[np.ndarray, "side side 3"]:
    """A picture as the image codec reads it: fitted into the target square, in [-1, 1], padding black."""
    return to_target(fit_image(picture, size=geometry.target_size).pixels)


def target_sound(sound: Waveform, geometry: AudioGeometry) -> Float[np.ndarray, "frames mels"]:
    """A sound's first segment as the audio codec reads it: a log-mel with the target's normalisation.

    A codec has no mask: a bin without any power is the quietest there is, not the 0 of an encoder's
    masked bin, which would sound loud.
    """
    mel = log_mel(split_segments(sound, geometry)[0], geometry)
    values = np.where(mel.mask, mel.values, np.float32(np.log(FLOOR)))
    return ((values - geometry.target_mean) / geometry.target_std).astype(np.float32)


def _target(example: Example, tokenizer: TextEncoder, geometry: Geometry) -> TargetFeatures | None:
    if example.target_text is not None:
        ids = _token_ids(example.target_text, tokenizer, geometry)
        return TargetFeatures(modality=TargetModality.TEXT, ids=ids)
    if example.target_image is not None:
        media = target_picture(example.target_image, geometry.image)
        return TargetFeatures(modality=TargetModality.IMAGE, media=media)
    if example.target_audio is not None:
        media = target_sound(example.target_audio, geometry.audio)
        return TargetFeatures(modality=TargetModality.AUDIO, media=media)
    return None


def _token_ids(text: str, tokenizer: TextEncoder, geometry: Geometry) -> Int[np.ndarray, " length"]:
    return np.asarray(tokenizer.encode(text, max_length=geometry.text_length), dtype=np.int64)


def _pictures(pictures: Sequence[Picture], size: int, geometry: ImageGeometry) -> PatchFeatures | None:
    if not pictures:
        return None
    patch_size = geometry.patch_size
    fitted = [fit_image(picture, size=size) for picture in pictures]
    return _patch_features(
        [image_patches(normalise_clip(one.pixels), patch_size=patch_size) for one in fitted],
        [patch_mask(one.mask, patch_size=patch_size) for one in fitted],
    )


def _sounds(segments: Sequence[Segment], geometry: AudioGeometry) -> PatchFeatures | None:
    if not segments:
        return None
    mels = [log_mel(samples, geometry) for samples in segments]
    mean, deviation = geometry.input_mean, geometry.input_std
    return _patch_features(
        [audio_patches((mel.values - mean) / deviation, patch_size=geometry.patch_size) for mel in mels],
        [patch_mask(mel.mask, patch_size=geometry.patch_size) for mel in mels],
    )


def _patch_features(patches: Sequence[np.ndarray], masks: Sequence[np.ndarray]) -> PatchFeatures:
    values = np.stack([np.asarray(one, dtype=np.float32) for one in patches])
    positions = np.broadcast_to(np.arange(values.shape[1], dtype=np.int64), values.shape[:2])
    return PatchFeatures(patches=values, mask=np.stack(list(masks)), positions=positions.copy())
