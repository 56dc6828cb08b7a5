"""`Features`: an example as the arrays the model reads, one example at a time, NumPy only."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from unio.schema.modality import Paradigm, TargetModality

__all__ = ["Features", "PatchFeatures", "TargetFeatures"]


@dataclass(frozen=True, kw_only=True, eq=False)
class PatchFeatures:
    """Patches of a picture or a sound; a single picture or segment is one frame.

    ``positions`` are the row-major places of the kept patches on the full grid, so that a
    sub-sampled picture still knows where each patch was.
    """

    patches: Float[np.ndarray, "frames patches width"]
    mask: Bool[np.ndarray, "frames patches"]
    positions: Int[np.ndarray, "frames patches"]


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetFeatures:
    """The target: token ids (text, end token included), or media still to be encoded by a codec.

    ``media`` is (height, width, 3) in [-1, 1] for a picture, (frames, mels) normalised for a sound.
    ``hidden`` marks the codes whose patch was hidden from the encoder, under paradigm [R] with dynamic
    masking (spec section 12); None where nothing is hidden. ``withheld`` marks codes that the decoder
    predicts but is not fed afterwards (`unio.data.withholding`); None where it is fed all. ``weights``
    say how much each code counts in the loss, 1 on average (`unio.data.emphasis`); None: all alike.
    """

    modality: TargetModality
    ids: Int[np.ndarray, " length"] | None = None
    media: Float[np.ndarray, "..."] | None = None
    hidden: Bool[np.ndarray, " codes"] | None = None
    withheld: Bool[np.ndarray, " codes"] | None = None
    weights: Float[np.ndarray, " codes"] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """One example, ready to be batched. ``text`` ends with the end token."""

    task: str
    text: Int[np.ndarray, " length"]
    image: PatchFeatures | None = None
    image_history: PatchFeatures | None = None
    audio: PatchFeatures | None = None
    audio_history: PatchFeatures | None = None
    target: TargetFeatures | None = None
    paradigm: Paradigm = Paradigm.SEQUENTIAL
