"""Pre-training data in a run: which examples are taken apart, and how many of them (spec section 12)."""

from collections.abc import Iterable

from pydantic import Field

from unio.core import Config, ConfigError
from unio.data import Denoising, Mixture, family_of
from unio.data.denoise import Denoiser, DenoiserConfig, SpanTokenizer
from unio.data.tasks import TASKS
from unio.schema import Geometry, TargetModality

__all__ = ["DenoisingConfig", "make_denoising", "material_mixtures"]


class DenoisingConfig(Config):
    """Pre-training data among the tasks: examples taken apart, of which something hidden is predicted."""

    share: float = Field(
        gt=0,
        le=1,
        description="Share of the examples of each target modality that are denoised: 1 in pre-training, "
        "0.3 in the paper's tuning.",
    )
    denoiser: DenoiserConfig = Field(
        default_factory=lambda: DenoiserConfig(),
        description="What is hidden and kept; how many examples have which target is said by batch.",
    )


def make_denoising(
    config: DenoisingConfig,
    *,
    mixture: Mixture,
    modalities: Iterable[TargetModality],
    tokenizer: SpanTokenizer,
    geometry: Geometry,
) -> Denoising:
    """The denoised part of batches with these target modalities. Raises as `material_mixtures` does."""
    return Denoising(
        share=config.share,
        denoiser=Denoiser(config=config.denoiser, tokenizer=tokenizer, geometry=geometry),
        materials=material_mixtures(mixture, modalities),
    )


def material_mixtures(
    mixture: Mixture, modalities: Iterable[TargetModality]
) -> dict[TargetModality, Mixture]:
    """For each of ``modalities`` the tasks of ``mixture`` whose examples hold it, as input or target.

    Raises ``ConfigError`` for a modality that no task's examples are sure to hold.
    """
    found: dict[TargetModality, Mixture] = {}
    for modality in modalities:
        weights = {
            name: share for name, share in mixture.shares.items() if modality in _held(family_of(name))
        }
        if not weights:
            raise ConfigError(
                f"nothing to denoise with {modality.value} targets",
                got=f"tasks {', '.join(mixture.shares)}",
                expected=f"one whose examples have {modality.value} in them",
                fix="add one to the mixture, or leave denoising out",
            )
        found[modality] = Mixture(weights=weights)
    return found


def _held(family: str) -> set[TargetModality]:
    """What every example of a family has in it; its prompt is text."""
    task = TASKS.get(family)
    held = {TargetModality.TEXT, task.output}
    for given in task.inputs:
        if given.optional:
            continue
        if given.kind in ("image", "images", "video"):
            held.add(TargetModality.IMAGE)
        if given.kind == "audio" or (given.kind == "video" and given.with_sound):
            held.add(TargetModality.AUDIO)
    return held
