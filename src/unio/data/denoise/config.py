"""Every rate of the mixture of denoisers (spec section 12).

The paper publishes none: text spans are those of UL2 (arXiv 2205.05131), the rest are our defaults.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from unio.core import Config
from unio.schema import InputModality, TargetModality

__all__ = ["DenoiserConfig", "MediaDenoising", "Share", "SpanSetting", "TextDenoising", "default_keep"]


def _ascending(bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = bounds
    if not 0 <= low <= high <= 1:
        raise ValueError("two shares in [0, 1], the smaller first")
    return bounds


Share = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""Bounds of a share that is drawn uniformly between them."""


class SpanSetting(Config):
    """One way of hiding spans of a text."""

    mean_length: float = Field(ge=1, description="Mean length of a hidden span, in tokens.")
    density: float = Field(gt=0, lt=1, description="Share of the tokens that is hidden.")


class TextDenoising(Config):
    """Paradigms of a text target and how each masks."""

    sequential: float = Field(default=1.0, ge=0, description="Weight of [S], continuing a prefix.")
    regular: float = Field(default=1.0, ge=0, description="Weight of [R], few and short spans.")
    extreme: float = Field(default=1.0, ge=0, description="Weight of [X], long spans or many of them.")
    regular_spans: tuple[SpanSetting, ...] = Field(
        default=(SpanSetting(mean_length=3, density=0.15), SpanSetting(mean_length=8, density=0.15)),
        min_length=1,
        description="Span settings of [R], drawn evenly.",
    )
    extreme_spans: tuple[SpanSetting, ...] = Field(
        default=(
            SpanSetting(mean_length=3, density=0.5),
            SpanSetting(mean_length=8, density=0.5),
            SpanSetting(mean_length=64, density=0.15),
            SpanSetting(mean_length=64, density=0.5),
        ),
        min_length=1,
        description="Span settings of [X], drawn evenly.",
    )
    prefix: Share = Field(
        default=(0.25, 1.0), description="Bounds of the share of a text that [S] gives as its prefix."
    )
    whole: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of [S] texts without a prefix, where another modality or an earlier text is kept: "
        "a caption from its picture alone.",
    )

    @field_validator("extreme")
    @classmethod
    def _some_paradigm(cls, extreme: float, info: object) -> float:
        earlier: dict[str, float] = getattr(info, "data", {})
        if extreme + earlier.get("sequential", 0.0) + earlier.get("regular", 0.0) <= 0:
            raise ValueError("at least one paradigm with a weight above 0")
        return extreme


class MediaDenoising(Config):
    """Paradigms of a picture or a sound target."""

    regular: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of [R], restoring a medium of which some patches are hidden; the rest is [S], "
        "generating it from the other modalities alone.",
    )
    hidden: Share = Field(
        default=(0.5, 0.9), description="Bounds of the share of a medium's patches that [R] hides."
    )


def default_keep() -> dict[InputModality, float]:
    """How often a modality that is not the target is kept, unless configured."""
    return dict.fromkeys(InputModality, 0.8)


class DenoiserConfig(Config):
    """The mixture of denoisers: what is predicted, from what, and what is hidden."""

    targets: dict[TargetModality, float] = Field(
        default_factory=lambda: dict.fromkeys(TargetModality, 1.0),
        description="Weight of each target modality, among those present; one left out is never the target.",
    )
    keep: dict[InputModality, float] = Field(
        default_factory=default_keep,
        description="Share of examples in which a modality that is not the target is kept as input; 1 if "
        "left out.",
    )
    text: TextDenoising = Field(default_factory=lambda: TextDenoising(), description="Text targets.")
    image: MediaDenoising = Field(default_factory=lambda: MediaDenoising(), description="Picture targets.")
    audio: MediaDenoising = Field(default_factory=lambda: MediaDenoising(), description="Sound targets.")
    keep_patches: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Most of each frame's patches the encoder sees: 0.5 in pre-training, 0.875 in tuning.",
    )
    dynamic_masking: bool = Field(
        default=True,
        description="Hide from the decoder, under [R], the codes of patches hidden from the encoder.",
    )
    document_images_for_image: int = Field(
        default=4, ge=0, description="Most pictures kept before a document's picture target."
    )
    document_images_for_text: int = Field(
        default=5, ge=0, description="Most pictures kept before a document's paragraph target."
    )
    center_frames: bool = Field(
        default=False,
        description="Take the middle frame of each part of a video, as evaluation does, not a random one.",
    )

    @field_validator("targets")
    @classmethod
    def _some_target(cls, targets: dict[TargetModality, float]) -> dict[TargetModality, float]:
        if any(weight < 0 for weight in targets.values()) or sum(targets.values()) <= 0:
            raise ValueError("weights of 0 or more, at least one above 0")
        return targets

    @field_validator("keep")
    @classmethod
    def _shares(cls, keep: dict[InputModality, float]) -> dict[InputModality, float]:
        if any(not 0 <= share <= 1 for share in keep.values()):
            raise ValueError("shares in [0, 1]")
        return keep
