"""What our preprocessing makes of a picture or a sound, under the keys of the fixtures' README."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from unio.media import (
    FittedImage,
    audio_patches,
    fit_image,
    image_patches,
    load_audio,
    load_image,
    log_mel,
    normalise_clip,
    patch_mask,
    power_mel,
    split_segments,
)
from unio.schema import AudioGeometry, ImageGeometry
from unio.vocab import VocabLayout, location_bin

PIXEL_EDGE, PIXEL_MEAN = 0.1, 0.02
"""Another resampling library than the reference's agrees within this at edges, and on average."""
SOUND_RELATIVE = 1e-3
"""Of the recorded array's largest magnitude."""
BOX_ROUNDING = 1e-3
"""Pixels: single precision in the recordings."""
CLIP_STD = 0.2613
"""The smallest deviation pixels are divided by: normalised errors are that much larger."""

IMAGE, AUDIO, VOCAB = ImageGeometry(), AudioGeometry(), VocabLayout(base_size=32000)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One of our arrays and how near it must be: ``absolute`` plus ``relative`` of the largest magnitude."""

    values: np.ndarray
    absolute: float = 0.0
    relative: float = 0.0
    mean_tolerance: float | None = None

    def tolerance(self, expected: np.ndarray) -> float:
        return self.absolute + self.relative * float(np.abs(expected).max(initial=0.0))


def picture_outputs(path: Path, expected: Mapping[str, np.ndarray]) -> dict[str, Recording]:
    """All keys of a picture; the boxes to transform are part of the recording."""
    picture = load_image(path)
    fitted = fit_image(picture, size=IMAGE.input_size)
    outputs = {
        "input/pixels": pixels(fitted.pixels[::3, ::3]),
        "input/patches": Recording(
            values=image_patches(normalise_clip(fitted.pixels), patch_size=IMAGE.patch_size)[::6, ::8],
            absolute=PIXEL_EDGE / CLIP_STD,
            mean_tolerance=PIXEL_MEAN / CLIP_STD,
        ),
        "input/patch_mask": mask(fitted, IMAGE.patch_size),
        "input/info": Recording(values=information(fitted), relative=1e-6),
    }
    for name, size, patch_size in (
        ("history", IMAGE.history_size, IMAGE.patch_size),
        ("target", IMAGE.target_size, IMAGE.code_stride),
    ):
        smaller = fit_image(picture, size=size)
        outputs[f"{name}/pixels"] = pixels(smaller.pixels[::2, ::2])
        outputs[f"{name}/patch_mask"] = mask(smaller, patch_size)
    if "input/boxes_before_yxyx" in expected:
        before = expected["input/boxes_before_yxyx"]
        # The boxes that went in must come back, except where they reached out of the picture and were cut.
        inside = (before >= 0) & (before <= np.array(picture.shape[:2] * 2))
        units = fitted.transform.boxes_to_fitted(before)
        ids = [[VOCAB.location_id(location_bin(value)) for value in box] for box in units.tolist()]
        outputs |= {
            "input/boxes_before_yxyx": Recording(
                values=np.where(inside, fitted.transform.boxes_to_original(units), before),
                absolute=BOX_ROUNDING,
            ),
            "input/boxes_yxyx": Recording(values=units * IMAGE.input_size, absolute=BOX_ROUNDING),
            "input/box_token_ids": Recording(values=np.array(ids, np.int32).reshape(-1, 4)),
        }
    return outputs


def pixels(values: np.ndarray) -> Recording:
    return Recording(values=values, absolute=PIXEL_EDGE, mean_tolerance=PIXEL_MEAN)


def mask(fitted: FittedImage, patch_size: int) -> Recording:
    return Recording(values=patch_mask(fitted.mask, patch_size=patch_size).astype(np.int32))


def information(fitted: FittedImage) -> np.ndarray:
    """Paddings, 1 / scale, sizes, four offsets that only augmentation sets, scaled sizes."""
    fit = fitted.transform
    sizes = [fit.top, fit.left, 1 / fit.scale, fit.height, fit.width, 0, 0, 0, 0]
    return np.array([*sizes, fit.scaled_height, fit.scaled_width], np.float32)


def sound_outputs(path: Path, expected: Mapping[str, np.ndarray]) -> dict[str, Recording]:
    """All keys of a sound, every array with its segments first."""
    segments = split_segments(load_audio(path, rate=AUDIO.sample_rate), AUDIO)
    power = np.stack([power_mel(samples, AUDIO) for samples in segments])
    logs = [log_mel(samples, AUDIO) for samples in segments]
    values = np.stack([one.values for one in logs])
    encoder = (values - AUDIO.input_mean) / AUDIO.input_std
    codec = (values - AUDIO.target_mean) / AUDIO.target_std
    patches = np.stack([audio_patches(one, patch_size=AUDIO.patch_size) for one in encoder])
    return {
        "mel": Recording(values=power.transpose(0, 2, 1)[:, ::2], relative=SOUND_RELATIVE),
        "log_mel": Recording(values=values.transpose(0, 2, 1)[:, ::2], relative=SOUND_RELATIVE),
        "input_patches": Recording(values=patches[:, ::4], relative=SOUND_RELATIVE),
        "target_normalised": Recording(values=codec[:, ::4], relative=SOUND_RELATIVE),
        "input_patch_mask": Recording(
            values=np.stack([patch_mask(one.mask, patch_size=AUDIO.patch_size) for one in logs]).astype(
                np.int32
            )
        ),
        "target_patch_mask": Recording(
            values=np.stack([patch_mask(one.mask, patch_size=AUDIO.code_patch) for one in logs]).astype(
                np.int32
            )
        ),
    }
