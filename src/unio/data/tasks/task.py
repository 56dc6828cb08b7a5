"""`Task`: a family of problems, from a source's plain fields to prompt, target, answer and score.

A task knows no source and no model. It turns a record (plain fields, see each family's header) into an
`Example`, a user's inputs into the same without a target, what a model put out into a `Prediction`, and
a prediction and the truth into figures. Spec sections 3, 4 and 14.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np

from unio.core import InputError
from unio.data.tasks.inputs import InputSpec, place_text, read_inputs
from unio.data.tasks.phrasings import Phrasing, Phrasings, load_phrasings, prompt_file
from unio.data.tasks.streams import gather_streams
from unio.media import MediaLimits, Prediction
from unio.schema import (
    DecodingOptions,
    Example,
    Geometry,
    ModelOutput,
    Picture,
    TargetModality,
    Waveform,
    prompt_prefix,
)

__all__ = ["UNCONDITIONAL", "Answer", "Record", "Task", "compose_prompt"]

Record = Mapping[str, Any]
"""A source's fields by name; each family's header lists those it reads."""

UNCONDITIONAL: dict[TargetModality, str] = {
    TargetModality.IMAGE: "An image of a random picture.",
    TargetModality.AUDIO: "A video of a random audio.",
}
"""Prompts of classifier-free guidance's unconditional rows (spec section 14)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """A target, one of text, picture and sound, and the truth that its task's score compares with."""

    text: str | None = None
    image: Picture | None = None
    audio: Waveform | None = None
    truth: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Task(ABC):
    """One family. Subclasses fill the fields below and four short methods.

    - ``name``, ``group`` (as in the paper's table 11), ``title``: what it is called.
    - ``inputs``: what a user gives; ``output``: what comes back; ``decoding``: how it is decoded.
    - ``reader``: the family that reads an answer's medium back, for choosing among several `candidates`.
    - ``metric``: the key of `score` that counts; ``aggregate`` and ``higher_is_better`` say how.
    - ``chance``: the metric's value for the best answer that is blind to the input, on the built-in
      playroom's ``test`` split, as ``unio.data.sources.chance.measure_chance`` measures it.
    """

    name: ClassVar[str]
    group: ClassVar[str]
    title: ClassVar[str]
    inputs: ClassVar[tuple[InputSpec, ...]]
    output: ClassVar[TargetModality]
    metric: ClassVar[str]
    chance: ClassVar[float]
    decoding: ClassVar[DecodingOptions]
    reader: ClassVar[str | None] = None
    aggregate: ClassVar[Literal["mean", "median"]] = "mean"
    higher_is_better: ClassVar[bool] = True

    @abstractmethod
    def answer(self, record: Record, rng: np.random.Generator) -> Answer:
        """The target and the truth of a record; ``rng`` draws what may vary, such as an order."""

    @abstractmethod
    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """What the model's raw answer to ``example`` means."""

    @abstractmethod
    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """Figures of one prediction; the one called ``metric`` is among them."""

    def example(self, record: Record, rng: np.random.Generator) -> Example:
        """A record as an example with prompt, target and truth, phrased and ordered by ``rng``.

        Raises ``InputError`` if the record lacks a field that the task reads.
        """
        try:
            phrasing = self.phrasings.draw(rng)
            answer = self.answer(record, rng)
            return self._compose(self.shown(record), phrasing, answer)
        except KeyError as error:
            raise InputError(
                f"record without the field {error.args[0]!r}",
                got=", ".join(record),
                fix=f"see task {self.name!r}",
            ) from error

    def shown(self, record: Record) -> Record:
        """The record as the model is shown it; a family that hides something of a picture does it here."""
        return record

    def request(
        self, geometry: Geometry | None = None, /, *, limits: MediaLimits | None = None, **inputs: Any
    ) -> Example:
        """A user's inputs as an example without target, in the family's first phrasing.

        ``geometry`` is the model's (default: that of the released models); it says how many frames of a
        video are looked at and how long a segment of its sound is. Pictures may be paths, bytes, Pillow
        pictures or arrays; sounds paths, bytes or `Waveform`; videos what `load_video` takes; a box is y1,
        x1, y2, x2 in pixels. ``limits`` (default: `MediaLimits`) bound what is read. Raises ``InputError``
        for inputs the task does not take, misses or cannot use.
        """
        record = read_inputs(self.name, self.inputs, inputs, geometry=geometry, limits=limits)
        return self._compose(self.shown(record), self.phrasings.first, Answer())

    @property
    def fields(self) -> tuple[str, ...]:
        """The places that its phrasings may have."""
        return tuple(spec.field for spec in self.inputs if spec.field is not None)

    @cached_property
    def phrasings(self) -> Phrasings:
        """All prompt phrasings, checked."""
        return load_phrasings(prompt_file(self.name), self.fields)

    def _compose(self, record: Record, phrasing: Phrasing, answer: Answer) -> Example:
        streams = gather_streams(self.inputs, record)
        phrase = phrasing.fill({spec.field: place_text(spec, record) for spec in self.inputs if spec.field})
        prompt = compose_prompt(
            phrase,
            output=self.output,
            image_history=len(streams.image_history),
            image=streams.image is not None,
            audio=streams.audio is not None,
            audio_history=len(streams.audio_history),
        )
        return Example(
            task=self.name,
            prompt=prompt,
            target_modality=self.output,
            image=streams.image,
            image_history=streams.image_history,
            audio=streams.audio,
            audio_history=streams.audio_history,
            target_text=answer.text,
            target_image=answer.image,
            target_audio=answer.audio,
            choices=streams.choices,
            truth=answer.truth,
        )


def compose_prompt(
    phrase: str,
    *,
    output: TargetModality,
    image_history: int = 0,
    image: bool = False,
    audio: bool = False,
    audio_history: int = 0,
) -> str:
    """The model's input text: prefix, phrase, then a piece for each medium in the encoder's time order.

    Example::

        compose_prompt("What happens next?", output=TargetModality.IMAGE, image_history=2, image=True)
        # "[Image] [S] What happens next? <image_history_1> <image_history_2> <image_input>"
    """
    pieces = [f"<image_history_{number}>" for number in range(1, image_history + 1)]
    pieces += ["<image_input>"] * image
    pieces += [f"<audio_history_{number}>" for number in range(1, audio_history + 1)]
    pieces += ["<audio_input>"] * audio
    return " ".join([prompt_prefix(output), phrase, *pieces])
