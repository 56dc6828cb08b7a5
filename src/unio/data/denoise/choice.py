"""Which modality of a material is predicted, from which others, under which paradigm (spec section 12)."""

from dataclasses import dataclass

import numpy as np

from unio.core import InputError
from unio.data.denoise.config import DenoiserConfig
from unio.data.denoise.material import Material
from unio.schema import InputModality, Paradigm, TargetModality

__all__ = ["Choice", "choose", "present"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is predicted, how, and which of the other modalities are given."""

    target: TargetModality
    paradigm: Paradigm
    kept: frozenset[InputModality]


def present(material: Material) -> frozenset[InputModality]:
    """The modalities there are; text counts if there is any, context included."""
    found = {
        InputModality.TEXT: bool(material.text or material.context),
        InputModality.IMAGE: material.image is not None,
        InputModality.IMAGE_HISTORY: bool(material.image_history),
        InputModality.AUDIO: material.audio is not None,
        InputModality.AUDIO_HISTORY: bool(material.audio_history),
    }
    return frozenset(modality for modality, is_there in found.items() if is_there)


def choose(
    material: Material,
    *,
    config: DenoiserConfig,
    rng: np.random.Generator,
    target: TargetModality | None = None,
) -> Choice:
    """Draw target modality (unless given), kept modalities and paradigm, always in this order.

    A picture or sound of which nothing else is kept is restored, [R]: generating it from nothing would
    teach nothing. Raises ``InputError`` if nothing in the material may be a target.
    """
    target = target or _draw_target(material, config, rng)
    own = InputModality(target.value)
    draws = {modality: rng.random() for modality in InputModality}
    kept = frozenset(
        modality
        for modality in present(material)
        if modality is not own and draws[modality] < config.keep.get(modality, 1.0)
    )
    drawn = rng.random()
    if target is TargetModality.TEXT:
        return Choice(target=target, paradigm=_text_paradigm(config, drawn), kept=kept)
    regular = (config.image if target is TargetModality.IMAGE else config.audio).regular
    is_regular = drawn < regular or not kept
    paradigm = Paradigm.REGULAR if is_regular else Paradigm.SEQUENTIAL
    return Choice(target=target, paradigm=paradigm, kept=kept)


def _draw_target(material: Material, config: DenoiserConfig, rng: np.random.Generator) -> TargetModality:
    candidates = {
        TargetModality.TEXT: bool(material.text),
        TargetModality.IMAGE: material.image is not None,
        TargetModality.AUDIO: material.audio is not None,
    }
    weights = np.array([config.targets.get(one, 0.0) * there for one, there in candidates.items()])
    if weights.sum() <= 0:
        raise InputError(
            f"material {material.name!r} has nothing to predict",
            got=", ".join(sorted(present(material))) or "nothing at all",
            expected="a text, a picture or a sound, of a modality with a weight in denoiser.targets",
        )
    return list(candidates)[int(rng.choice(len(weights), p=weights / weights.sum()))]


def _text_paradigm(config: DenoiserConfig, drawn: float) -> Paradigm:
    weights = {
        Paradigm.SEQUENTIAL: config.text.sequential,
        Paradigm.REGULAR: config.text.regular,
        Paradigm.EXTREME: config.text.extreme,
    }
    bound = drawn * sum(weights.values())
    for paradigm, weight in weights.items():
        bound -= weight
        if bound < 0 < weight:
            return paradigm
    return [paradigm for paradigm, weight in weights.items() if weight > 0][-1]
