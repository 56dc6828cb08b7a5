"""What a denoiser did to an example, for people: texts, pictures with the hidden patches grey, a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool

from unio.data.denoise.choice import present
from unio.data.denoise.denoiser import Denoised, SpanTokenizer
from unio.media import draw_spectrogram, draw_text, fit_image, log_mel, side_by_side
from unio.schema import (
    AudioGeometry,
    Geometry,
    InputModality,
    Paradigm,
    PatchFeatures,
    Picture,
    TargetModality,
    Waveform,
    prompt_prefix,
)

__all__ = ["PARADIGMS", "Explanation", "ShownMedium", "explain", "explain_each"]

GREY = 128

PARADIGMS = (
    *((TargetModality.TEXT, paradigm) for paradigm in Paradigm),
    *((TargetModality.IMAGE, paradigm) for paradigm in (Paradigm.SEQUENTIAL, Paradigm.REGULAR)),
    *((TargetModality.AUDIO, paradigm) for paradigm in (Paradigm.SEQUENTIAL, Paradigm.REGULAR)),
)
"""All there are, each a prefix of the vocabulary (spec section 3)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownMedium:
    """A picture or a spectrogram and what it is."""

    label: str
    picture: Picture


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """One denoised example as a person reads it.

    ``prompt`` is the whole text input with prefix and sentinels, ``answer`` the text target (None for a
    medium). ``inputs`` are the media as the encoder gets them, patches it does not get grey; ``target``
    is the medium to be predicted, the codes hidden from the decoder grey. ``hidden_share`` is the share
    of the target's own patches, ``hidden_code_share`` that of its codes.
    """

    name: str
    modality: TargetModality
    paradigm: Paradigm
    kept: tuple[InputModality, ...]
    dropped: tuple[InputModality, ...]
    prompt: str
    answer: str | None
    inputs: tuple[ShownMedium, ...]
    target: ShownMedium | None
    hidden_share: float | None = None
    hidden_code_share: float | None = None

    @property
    def title(self) -> str:
        """The prefix, such as ``[Text] [X]``."""
        return prompt_prefix(self.modality, self.paradigm)

    def draw(self, *, height: int = 192) -> Picture:
        """One sheet: the prompt, the media in, and the target."""
        width = height * 3 // 2
        pictures = [draw_text(self.prompt, width=width), *(one.picture for one in self.inputs)]
        labels = [f"{self.title}: what goes in", *(one.label for one in self.inputs)]
        if self.answer is not None:
            pictures.append(draw_text(self.answer, width=width))
            labels.append("what comes out")
        if self.target is not None:
            pictures.append(self.target.picture)
            labels.append(self.target.label)
        return side_by_side(pictures, captions=labels, height=height)

    def to_json(self) -> dict[str, Any]:
        """All but the pictures."""
        return {
            "name": self.name,
            "title": self.title,
            "kept": [modality.value for modality in self.kept],
            "dropped": [modality.value for modality in self.dropped],
            "prompt": self.prompt,
            "answer": self.answer,
            "hidden_share": self.hidden_share,
            "hidden_code_share": self.hidden_code_share,
        }


def explain(denoised: Denoised, *, tokenizer: SpanTokenizer, geometry: Geometry) -> Explanation:
    """The record of one denoised example."""
    choice, features = denoised.choice, denoised.features
    target = features.target
    assert target is not None, "a denoiser always makes a target"
    own = InputModality(choice.target.value)
    hidden, codes = denoised.hidden, target.hidden
    return Explanation(
        name=denoised.material.name,
        modality=choice.target,
        paradigm=choice.paradigm,
        kept=tuple(modality for modality in InputModality if modality in choice.kept),
        dropped=tuple(sorted(present(denoised.material) - choice.kept - {own})),
        prompt=tokenizer.decode(features.text.tolist()),
        answer=None if target.ids is None else tokenizer.decode(target.ids.tolist()),
        inputs=tuple(_inputs(denoised, geometry)),
        target=_target(denoised, geometry, codes),
        hidden_share=None if hidden is None else float(hidden.mean()),
        hidden_code_share=None if codes is None else float(codes.mean()),
    )


def explain_each(
    examples: Iterable[Denoised], *, tokenizer: SpanTokenizer, geometry: Geometry
) -> dict[str, Explanation]:
    """The first example of each paradigm, by its prefix; reading stops when all seven are found.

    Give it a bounded iterable: a paradigm that never comes would be looked for for ever.
    """
    found: dict[str, Explanation] = {}
    for denoised in examples:
        title = prompt_prefix(denoised.choice.target, denoised.choice.paradigm)
        if title not in found:
            found[title] = explain(denoised, tokenizer=tokenizer, geometry=geometry)
        if len(found) == len(PARADIGMS):
            break
    order = [prompt_prefix(modality, paradigm) for modality, paradigm in PARADIGMS]
    return {title: found[title] for title in order if title in found}


def _inputs(denoised: Denoised, geometry: Geometry) -> Iterable[ShownMedium]:
    """The media that go in, in the encoder's time order."""
    features, material = denoised.features, denoised.material
    pictures, sounds = geometry.image, geometry.audio
    if features.image_history is not None:
        for frame, picture in enumerate(material.image_history):
            seen = _seen(features.image_history, frame, pictures.history_grid)
            shown = _picture(picture, seen, size=pictures.history_size)
            yield ShownMedium(label=f"image history {frame + 1}", picture=shown)
    if features.image is not None and material.image is not None:
        seen = _seen(features.image, 0, pictures.input_grid)
        shown = _picture(material.image, seen, size=pictures.input_size)
        yield ShownMedium(label="image", picture=shown)
    if features.audio_history is not None:
        for segment, sound in enumerate(material.audio_history):
            seen = _seen(features.audio_history, segment, sounds.input_grid)
            yield ShownMedium(label=f"audio history {segment + 1}", picture=_sound(sound, seen, sounds))
    if features.audio is not None and material.audio is not None:
        seen = _seen(features.audio, 0, sounds.input_grid)
        yield ShownMedium(label="audio", picture=_sound(material.audio, seen, sounds))


def _target(
    denoised: Denoised, geometry: Geometry, codes: Bool[np.ndarray, " codes"] | None
) -> ShownMedium | None:
    material = denoised.material
    label = "what comes out" if codes is None else "what comes out (grey: hidden from later codes)"
    match denoised.choice.target:
        case TargetModality.TEXT:
            return None
        case TargetModality.IMAGE:
            assert material.image is not None, "the target is there"
            seen = _open(codes, geometry.image.code_grid)
            size = geometry.image.target_size
            picture = _picture(material.image, seen, size=size)
        case TargetModality.AUDIO:
            assert material.audio is not None, "the target is there"
            picture = _sound(material.audio, _open(codes, geometry.audio.code_grid), geometry.audio)
    return ShownMedium(label=label, picture=picture)


def _seen(features: PatchFeatures, frame: int, grid: tuple[int, int]) -> Bool[np.ndarray, "down across"]:
    """The cells of a frame's grid that the encoder gets."""
    seen = np.zeros(grid, dtype=bool)
    seen.flat[features.positions[frame][features.mask[frame]]] = True
    return seen


def _open(codes: Bool[np.ndarray, " codes"] | None, grid: tuple[int, int]) -> Bool[np.ndarray, "down across"]:
    return np.ones(grid, dtype=bool) if codes is None else ~codes.reshape(grid)


def _picture(picture: Picture, seen: Bool[np.ndarray, "down across"], *, size: int) -> Picture:
    """The picture in its square, unseen cells of the grid grey."""
    pixels = np.rint(fit_image(picture, size=size).pixels * 255).astype(np.uint8)
    return np.where(_spread(seen, size, size)[..., None], pixels, np.uint8(GREY))


def _sound(sound: Waveform, seen: Bool[np.ndarray, "time mel"], geometry: AudioGeometry) -> Picture:
    """The sound's spectrogram, unseen cells of the grid grey: time to the right, high bands on top."""
    drawn = draw_spectrogram(log_mel(sound.samples, geometry))
    cells = _spread(seen.T[::-1], *drawn.shape[:2])
    return np.where(cells[..., None], drawn, np.uint8(GREY))


def _spread(
    cells: Bool[np.ndarray, "down across"], height: int, width: int
) -> Bool[np.ndarray, "height width"]:
    """A grid of cells as (height, width) places."""
    down, across = cells.shape
    return cells[np.ix_(np.arange(height) * down // height, np.arange(width) * across // width)]
