"""How an answer is decoded, and the raw answer before a task parses it (spec section 14)."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field

from unio.core import Config
from unio.schema.example import Picture, Waveform

__all__ = ["DecodingOptions", "ModelOutput"]


class DecodingOptions(Config):
    """Settings of one decoding. ``temperature`` 0 is greedy."""

    max_tokens: int | None = Field(
        default=None, gt=0, description="Most text tokens; None: the model's limit."
    )
    temperature: float = Field(default=1.0, ge=0, description="Divides the logits; 0 takes the best token.")
    top_k: int | None = Field(default=None, gt=0, description="Keep the k best tokens.")
    top_p: float = Field(
        default=1.0, gt=0, le=1, description="Keep the fewest tokens that hold this probability."
    )
    guidance: float = Field(
        default=0.0, ge=0, description="Classifier-free guidance a: (1 + a) cond - a uncond."
    )
    seed: int = Field(default=0, description="Seed of the sampling; same seed, same answer.")
    jacobi_window: int | None = Field(
        default=None,
        gt=1,
        description="Draft so many codes of a picture or sound at once; the distribution stays the same.",
    )
    candidates: int = Field(
        default=1,
        gt=0,
        le=64,
        description="Draw so many pictures or sounds and keep the one from which the model best reads the "
        "prompt back.",
    )
    at_once: Literal["best", "mean"] | None = Field(
        default=None,
        description="All codes of a picture or sound in one step, for models trained so: the best of each, "
        "or the mean of all by their probabilities.",
    )
    choices: tuple[str, ...] | None = Field(default=None, description="Answer with one of these texts.")
    offered: bool = Field(
        default=False, description="Answer with one of the choices that the example offers."
    )
    form: str | None = Field(
        default=None,
        description="Answer with these words, each location piece standing for one that the model chooses.",
    )
    locations: int | None = Field(
        default=None, gt=0, description="Answer with exactly this many location tokens."
    )
    location_bias: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Emit a location while location tokens hold more than this probability.",
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelOutput:
    """What came out of the decoder: the field of the target modality is set.

    ``ids`` are the raw tokens (codes + 2 for media). ``scores`` maps each choice to its mean
    log-probability a token, when choices were scored. ``log_probability`` is the mean over the
    generated tokens, None if not computed.
    """

    text: str | None = None
    image: Picture | None = None
    audio: Waveform | None = None
    ids: Int[np.ndarray, " length"] | None = None
    scores: dict[str, float] = field(default_factory=dict[str, float])
    log_probability: float | None = None
