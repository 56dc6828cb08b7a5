"""`converse`, `converse_image`, `converse_audio`: an answer in words, picture or sound to anything.

The free form of people's own conversations: no phrasing of ours asks for it, and media stand where the words
put them. Chance levels are those of the playroom's talk.

Raw example (fields ``prompt``, with the pieces of its media in their places; ``image``, ``image_history``,
``audio``, ``audio_history`` where there are any; ``answer``: text, picture or sound)::

    prompt: "<image_input> Which of these can I eat?"   answer: "The red ones."

Prompt ``[Text] [S] <image_input> Which of these can I eat?``, target ``The red ones.``
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import text_input
from unio.data.tasks.predictions import picture_prediction, sound_prediction, text_prediction
from unio.data.tasks.scoring.pictures import change_agreement, changed_pixels, unfitted
from unio.data.tasks.scoring.words import bag_f1, plain_words
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction, log_mel, split_segments
from unio.media.resize import resize
from unio.schema import (
    AudioGeometry,
    DecodingOptions,
    Example,
    ModelOutput,
    Picture,
    TargetModality,
    Waveform,
    prompt_prefix,
)

__all__ = ["Converse", "ConverseAudio", "ConverseImage"]


QUIETEST = np.log(np.float32(1e-5))
"""The least value of a log-mel (spec section 5)."""


class _Conversation(Task):
    """What the three have in common: the prompt is the conversation's own."""

    group = "free form"
    inputs = (text_input("prompt", "what is said"),)

    def example(self, record: Record, rng: np.random.Generator) -> Example:
        """The conversation, framed by a phrasing, its media pieces where they stand."""
        phrase = self.phrasings.draw(rng).fill({"prompt": record["prompt"]})
        answer = self.answer(record, rng)
        return Example(
            task=self.name,
            prompt=f"{prompt_prefix(self.output)} {phrase}",
            target_modality=self.output,
            image=record.get("image"),
            image_history=tuple(record.get("image_history", ())),
            audio=record.get("audio"),
            audio_history=tuple(record.get("audio_history", ())),
            target_text=answer.text,
            target_image=answer.image,
            target_audio=answer.audio,
            truth=answer.truth,
        )


class Converse(_Conversation):
    """Metric ``word_f1``: F1 of the answer's words."""

    name = "converse"
    title = "answer in words what is said in free form"
    output = TargetModality.TEXT
    metric = "word_f1"
    chance = 0.21
    decoding = DecodingOptions(top_p=0.95, temperature=0.7, max_tokens=120)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The words."""
        return Answer(text=record["answer"], truth={"answer": record["answer"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """F1 of all words."""
        return {"word_f1": bag_f1(plain_words(prediction.text or ""), plain_words(truth["answer"]))}


class ConverseImage(_Conversation):
    """Metric ``change``: as for an edit, where a picture was given; NaN, not counted, where none was.

    A picture out of words alone may be laid out in any way: `image_from_text` judges those. ``near`` is the
    share of pixels within 40 (RGB distance) of the picture that was answered, in its size.
    """

    name = "converse_image"
    title = "answer with a picture what is said in free form"
    output = TargetModality.IMAGE
    metric = "change"
    chance = 0.08
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The picture."""
        given = {"given": record["image"]} if "image" in record else {}
        return Answer(image=record["answer"], truth={"picture": record["answer"], **given})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The picture; in the size of the one given, where one is."""
        return picture_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """How far the change is the one wished for, and how much looks alike."""
        assert prediction.image is not None, "parse always gives a picture"
        picture, answer = truth["picture"], prediction.image
        if "given" not in truth:
            answer = unfitted(answer, picture)
            return {"change": math.nan, "near": _nearness(answer, picture)}
        height, width = picture.shape[:2]
        answer = np.rint(resize(answer.astype(np.float32), height=height, width=width)).astype(np.uint8)
        change = change_agreement(answer, before=truth["given"], after=picture)
        return {"change": change, "near": _nearness(answer, picture)}


class ConverseAudio(_Conversation):
    """Metric ``correlation``: of the two sounds' log-mels, bin by bin; 0 for nothing in common."""

    name = "converse_audio"
    title = "answer with a sound what is said in free form"
    output = TargetModality.AUDIO
    metric = "correlation"
    chance = 0.28
    decoding = DecodingOptions(top_p=0.95)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The sound."""
        return Answer(audio=record["answer"], truth={"sound": record["answer"]})

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The sound."""
        return sound_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Over the first segment."""
        assert prediction.audio is not None, "parse always gives a sound"
        first, second = _spectrogram(prediction.audio), _spectrogram(truth["sound"])
        if first.std() == 0 or second.std() == 0:
            return {"correlation": 0.0}
        return {"correlation": max(0.0, float(np.corrcoef(first, second)[0, 1]))}


def _nearness(answer: Picture, picture: Picture) -> float:
    return 1.0 - float(changed_pixels(picture, answer).mean())


def _spectrogram(sound: Waveform) -> np.ndarray:
    """Log-mel of the first segment; silence, which a log-mel marks by 0, is as quiet as it can get."""
    geometry = AudioGeometry()
    found = log_mel(split_segments(sound, geometry)[0], geometry)
    return np.where(found.mask, found.values, QUIETEST).ravel()
