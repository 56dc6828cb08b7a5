"""`Denoiser`: from material to features with something hidden, to be predicted (spec section 12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from jaxtyping import Bool

from unio.data.denoise.choice import Choice, choose
from unio.data.denoise.config import DenoiserConfig
from unio.data.denoise.document import choose_part
from unio.data.denoise.material import AnyMaterial, Document, Material, Video
from unio.data.denoise.patches import hidden_codes, hide_patches
from unio.data.denoise.text import SHORTEST_SPANS, TextRoom, continue_prefix, draw_spans
from unio.data.denoise.video import sample_video
from unio.data.features import featurise
from unio.data.subsample import keep_patches
from unio.media import split_segments
from unio.schema import (
    Example,
    Features,
    Geometry,
    InputModality,
    Paradigm,
    TargetFeatures,
    TargetModality,
    Waveform,
    prompt_prefix,
)
from unio.vocab import VocabLayout

__all__ = ["Denoised", "Denoiser", "SpanTokenizer"]

TASK_PREFIX = "denoise."
"""Before the material's name in ``Features.task``, so that meters tell denoising from tasks."""


class SpanTokenizer(Protocol):
    """The part of a text tokenizer that denoisers need; `unio.vocab.TextTokenizer` is one."""

    layout: VocabLayout

    def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
        """Ids of ``text``, cut and closed with the end token when ``max_length`` is given."""
        ...

    def decode(self, ids: Iterable[int]) -> str:
        """The text of ``ids``."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Denoised:
    """Features, and what was done to which material to get them.

    ``hidden`` marks the patches of the target's own stream that the encoder does not get, row-major,
    under [R] of a picture or a sound.
    """

    features: Features
    material: Material
    choice: Choice
    hidden: Bool[np.ndarray, " patches"] | None = None


@dataclass(frozen=True, kw_only=True)
class Denoiser:
    """Makes a training example of any material; all randomness comes from the generator it is given."""

    config: DenoiserConfig
    tokenizer: SpanTokenizer
    geometry: Geometry

    def denoise(self, material: AnyMaterial, *, rng: np.random.Generator) -> Denoised:
        """Draw the target, what is kept and the paradigm; mask; write the prefix.

        Raises ``InputError`` for material in which nothing can be predicted.
        """
        plain, target = self._plain(material, rng)
        plain = self._cut_histories(plain)
        choice = choose(plain, config=self.config, rng=rng, target=target)
        if choice.target is TargetModality.TEXT:
            return self._text_target(plain, choice, rng)
        return self._media_target(plain, choice, rng)

    def _plain(
        self, material: AnyMaterial, rng: np.random.Generator
    ) -> tuple[Material, TargetModality | None]:
        match material:
            case Document():
                chosen = choose_part(material, config=self.config, geometry=self.geometry, rng=rng)
                return chosen.material, chosen.target
            case Video():
                center = self.config.center_frames
                return sample_video(material, geometry=self.geometry, center=center, rng=rng), None
            case Material():
                return material, None

    def _cut_histories(self, material: Material) -> Material:
        """Sounds as single segments, and histories cut to the latest entries the model takes."""
        audio, frames = self.geometry.audio, self.geometry.image.history_frames
        sounds = [*material.audio_history, *([] if material.audio is None else [material.audio])]
        segments = [
            Waveform(samples=samples, rate=audio.sample_rate)
            for sound in sounds
            for samples in split_segments(sound, audio)
        ]
        past = segments[:-1] if material.audio is not None else segments
        return replace(
            material,
            image_history=material.image_history[max(len(material.image_history) - frames, 0) :],
            audio=segments[-1] if material.audio is not None else None,
            audio_history=tuple(past[max(len(past) - audio.history_segments, 0) :]),
        )

    def _text_target(self, material: Material, choice: Choice, rng: np.random.Generator) -> Denoised:
        assert material.text is not None, "only a text that is there can be the target"
        layout, config = self.tokenizer.layout, self.config.text
        pieces = self._pieces(material, choice.kept)
        free = self.geometry.text_length - len(pieces) - 2  # the prefix and the end token
        context = self.tokenizer.encode(self._context(material, choice.kept))
        context = context[max(len(context) - free // 2, 0) :]
        ids = self.tokenizer.encode(material.text)
        room = TextRoom(inputs=free - len(context), targets=self.geometry.text_length - 1)
        if choice.paradigm is Paradigm.SEQUENTIAL or len(ids) < SHORTEST_SPANS:
            choice = replace(choice, paradigm=Paradigm.SEQUENTIAL)
            may_be_whole = bool(choice.kept or context) or len(ids) < SHORTEST_SPANS
            text = continue_prefix(ids, config=config, room=room, may_be_whole=may_be_whole, rng=rng)
        else:
            text = draw_spans(ids, paradigm=choice.paradigm, config=config, room=room, layout=layout, rng=rng)
        example = self._example(material, choice, target=None)
        features = self._features(example, choice, [*context, *text.inputs, *pieces], rng)
        target = TargetFeatures(modality=TargetModality.TEXT, ids=_array([*text.targets, layout.end_id]))
        return Denoised(features=replace(features, target=target), material=material, choice=choice)

    def _media_target(self, material: Material, choice: Choice, rng: np.random.Generator) -> Denoised:
        own = InputModality(choice.target.value)
        is_regular = choice.paradigm is Paradigm.REGULAR
        shown = choice.kept | {own} if is_regular else choice.kept
        pieces = self._pieces(material, shown)
        ids: list[int] = []
        if InputModality.TEXT in choice.kept:
            free = self.geometry.text_length - len(pieces) - 2
            text = self.tokenizer.encode(material.text or "")[:free]
            context = self.tokenizer.encode(self._context(material, shown))
            ids = [*context[max(len(context) - (free - len(text)), 0) :], *text]
        example = self._example(material, choice, target=own)
        features = self._features(example, choice, [*ids, *pieces], rng)
        if not is_regular:
            return Denoised(features=features, material=material, choice=choice)
        return self._hide(Denoised(features=features, material=material, choice=choice), rng)

    def _hide(self, denoised: Denoised, rng: np.random.Generator) -> Denoised:
        """Take patches out of the target's own stream, and mark the codes on them."""
        features, is_image = denoised.features, denoised.choice.target is TargetModality.IMAGE
        settings = self.config.image if is_image else self.config.audio
        geometry = self.geometry.image if is_image else self.geometry.audio
        whole = features.image if is_image else features.audio
        assert whole is not None, "the target's own stream was made"
        assert features.target is not None, "and so was the target"
        share = rng.uniform(*settings.hidden)
        left, hidden = hide_patches(whole, share=share, keep=self.config.keep_patches, rng=rng)
        target = features.target
        if self.config.dynamic_masking:
            codes = hidden_codes(hidden, patch_grid=geometry.input_grid, code_grid=geometry.code_grid)
            target = replace(target, hidden=codes)
        if is_image:
            features = replace(features, image=left, target=target)
        else:
            features = replace(features, audio=left, target=target)
        return replace(denoised, features=features, hidden=hidden)

    def _example(self, material: Material, choice: Choice, *, target: InputModality | None) -> Example:
        """The media that go in, and the medium to be predicted."""
        is_regular = choice.paradigm is Paradigm.REGULAR
        shown = choice.kept | {target} if target is not None and is_regular else choice.kept
        return Example(
            task=TASK_PREFIX + material.name,
            prompt="",
            target_modality=choice.target,
            image=material.image if InputModality.IMAGE in shown else None,
            image_history=material.image_history if InputModality.IMAGE_HISTORY in shown else (),
            audio=material.audio if InputModality.AUDIO in shown else None,
            audio_history=material.audio_history if InputModality.AUDIO_HISTORY in shown else (),
            target_image=material.image if target is InputModality.IMAGE else None,
            target_audio=material.audio if target is InputModality.AUDIO else None,
        )

    def _features(
        self, example: Example, choice: Choice, body: Sequence[int], rng: np.random.Generator
    ) -> Features:
        """Features whose text is prefix, ``body`` and end; patches of all but the target's stream sampled."""
        layout, keep = self.tokenizer.layout, self.config.keep_patches
        prefix = layout.piece_id(prompt_prefix(choice.target, choice.paradigm))
        features = featurise(example, tokenizer=self.tokenizer, geometry=self.geometry)
        streams = {
            InputModality.IMAGE: features.image,
            InputModality.IMAGE_HISTORY: features.image_history,
            InputModality.AUDIO: features.audio,
            InputModality.AUDIO_HISTORY: features.audio_history,
        }
        sampled = {
            modality.value: stream
            if stream is None or keep == 1 or modality.value == choice.target.value
            else keep_patches(stream, share=keep, rng=rng)
            for modality, stream in streams.items()
        }
        text = _array([prefix, *body, layout.end_id])
        return replace(features, text=text, paradigm=choice.paradigm, **sampled)

    def _pieces(self, material: Material, shown: frozenset[InputModality]) -> list[int]:
        """Pieces of the media shown, in the encoder's time order, that the context does not name itself."""
        names = [
            name
            for modality, named in _media_names(material).items()
            if modality in shown
            for name in named
            if name not in material.context
        ]
        return [self.tokenizer.layout.piece_id(name) for name in names]

    def _context(self, material: Material, shown: frozenset[InputModality]) -> str:
        """The context without the pieces of media that are not shown."""
        context = material.context
        for modality, names in _media_names(material).items():
            for name in names if modality not in shown else ():
                context = context.replace(name, " ")
        return " ".join(context.split())


def _media_names(material: Material) -> dict[InputModality, list[str]]:
    pictures, sounds = len(material.image_history), len(material.audio_history)
    return {
        InputModality.IMAGE_HISTORY: [f"<image_history_{number}>" for number in range(1, pictures + 1)],
        InputModality.IMAGE: ["<image_input>"] * (material.image is not None),
        InputModality.AUDIO_HISTORY: [f"<audio_history_{number}>" for number in range(1, sounds + 1)],
        InputModality.AUDIO: ["<audio_input>"] * (material.audio is not None),
    }


def _array(ids: Sequence[int]) -> np.ndarray:
    return np.asarray(ids, dtype=np.int64)
