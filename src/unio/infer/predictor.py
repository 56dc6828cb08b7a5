"""`Predictor`: the front door. A model and its tokenizer, asked by task, by free prompt or by example."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, TypeGuard, cast

import numpy as np

from unio.core import InputError, validate_config
from unio.data.tasks import TASKS, Task
from unio.infer.answering import answer_batch, choose_answers
from unio.infer.candidates import keep_best, spread
from unio.infer.free_prompt import FREE_TASK, PictureSource, SoundSource, free_example, read_sound
from unio.infer.generation_defaults import GenerationDefaults
from unio.infer.grammar import Grammar
from unio.infer.hub import publish_folder
from unio.infer.saving import save_folder
from unio.infer.training_record import TrainingRecord
from unio.media import MediaLimits, Prediction
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality, Waveform
from unio.vocab import TextTokenizer

__all__ = ["Predictor"]

SHARD_BYTES = 5_000_000_000
"""Most bytes of a file of saved weights where nothing else is asked for."""


class Predictor:
    """Answers requests with one model.

    Example::

        predictor = unio.load("unio-nano")
        predictor.run("detect", image="desk.jpg").boxes
        predictor.generate("a red ball beside a blue box", output="image", seed=3).save("ball.png")
    """

    def __init__(
        self,
        model: UnifiedIO,
        tokenizer: TextTokenizer,
        *,
        batch_size: int = 32,
        defaults: GenerationDefaults | None = None,
        trained_on: TrainingRecord | None = None,
        limits: MediaLimits | None = None,
    ) -> None:
        """``batch_size`` bounds how many requests are decoded together; ``defaults`` say how.

        ``trained_on`` is saved with the model; None if it is not known. ``limits`` bound the media that
        requests bring.
        """
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.batch_size = batch_size
        self.defaults = defaults or GenerationDefaults()
        self.trained_on = trained_on
        self.limits = limits or MediaLimits()

    @classmethod
    def from_pretrained(cls, name_or_folder: str | Path, **options: Any) -> "Predictor":
        """The same as `unio.load`, under the name that users of the hub know; ``options`` are its."""
        from unio.infer.loading import load  # which needs this class

        return load(name_or_folder, **options)

    def save_pretrained(
        self,
        folder: str | Path,
        *,
        dtype: Literal["float32", "bfloat16"] | None = None,
        shard_bytes: int = SHARD_BYTES,
    ) -> Path:
        """Write a folder that `load` reads: weights, settings, tokenizer, model card (see `saving`).

        ``dtype`` None keeps each parameter's own. Raises ``InputError`` for a model loaded in part, or
        where nothing can be written.
        """
        folder = Path(folder)
        save_folder(
            self.model,
            self.tokenizer,
            folder,
            defaults=self.defaults,
            trained_on=self.trained_on,
            dtype=dtype,
            shard_bytes=shard_bytes,
        )
        return folder

    def push_to_hub(
        self,
        name: str,
        *,
        private: bool = False,
        token: str | None = None,
        revision: str | None = None,
        message: str = "Model saved by unio",
        dtype: Literal["float32", "bfloat16"] | None = None,
    ) -> str:
        """Publish as the model ``name`` (``owner/model``) on the hub and return the commit's address.

        ``token`` None is that of ``hf auth login``; ``revision`` is a branch, made where it is missing.
        Raises ``MissingExtraError`` without ``unio[hub]``, ``InputError`` if the hub refuses.
        """
        with TemporaryDirectory() as place:
            folder = self.save_pretrained(Path(place) / name.rpartition("/")[2], dtype=dtype)
            return publish_folder(
                folder, name, private=private, token=token, revision=revision, message=message
            )

    def run(
        self, task: str | Task, *, seed: int = 0, options: DecodingOptions | None = None, **inputs: Any
    ) -> Prediction:
        """Do a registered task with its inputs.

        ``options`` take the place of the model's or the task's own; ``seed`` counts in both cases. Sounds
        may also be (samples, rate). Raises ``ConfigError`` for an unknown task and ``InputError`` for bad
        inputs.
        """
        chosen = TASKS.get(task) if isinstance(task, str) else task
        example = chosen.request(
            self.model.config.geometry,
            limits=self.limits,
            **{name: self._read(value) for name, value in inputs.items()},
        )
        return self.perform(chosen, example, seed=seed, options=options)

    def perform(
        self, task: Task, example: Example, *, seed: int = 0, options: DecodingOptions | None = None
    ) -> Prediction:
        """Answer a request that ``task`` has made already, as `run` does."""
        decoding = (options or self.decoding(task)).model_copy(update={"seed": seed})
        return task.parse(self.answer([example], decoding)[0], example)

    def generate(
        self,
        text: str = "",
        *,
        image: PictureSource | None = None,
        audio: SoundSource | None = None,
        image_history: Sequence[PictureSource] = (),
        audio_history: Sequence[SoundSource] = (),
        output: Literal["text", "image", "audio"] = "text",
        seed: int = 0,
        **options: Any,
    ) -> Prediction:
        """Answer a free prompt with text, a picture or a sound.

        The prefix (``[Image] [S]``) and the pieces that name the media (``<image_input>``) are added
        where the text lacks them. ``options`` are fields of `DecodingOptions`. Raises ``InputError`` or
        ``ConfigError`` for what cannot be used.
        """
        modality = _target_modality(output)
        example = free_example(
            text,
            output=modality,
            rate=self._rate,
            image=image,
            audio=audio,
            image_history=image_history,
            audio_history=audio_history,
            limits=self.limits,
        )
        values = {**_free_options(example, self.defaults), **options, "seed": seed}
        decoding = validate_config(DecodingOptions, values, where="generate")
        answered = self.answer([example], decoding)[0]
        return Prediction(
            task=FREE_TASK,
            text=answered.text,
            image=answered.image,
            audio=answered.audio,
            scores=answered.scores,
            source=example.image,
        )

    def answer(
        self,
        examples: Sequence[Example],
        options: DecodingOptions | Sequence[DecodingOptions],
        *,
        grammar: Grammar | None = None,
    ) -> list[ModelOutput]:
        """Answer examples of any kind, in order; ``options`` are shared, or one for each.

        Requests that agree in target modality and in all options but the seed are decoded together. An
        answer depends on its example and its options alone, not on what else is asked.
        """
        each = [options] * len(examples) if isinstance(options, DecodingOptions) else list(options)
        if len(each) != len(examples):
            raise InputError(
                "options do not match the examples",
                got=f"{len(each)} options for {len(examples)} examples",
                expected="one DecodingOptions, or one for each example",
            )
        each = [_offer_choices(one, example) for one, example in zip(each, examples, strict=True)]
        if any(one.candidates > 1 for one in each):
            return self._answer_best(examples, each, grammar=grammar)
        outputs: list[ModelOutput | None] = [None] * len(examples)
        for places in self._batches(examples, each):
            answered = answer_batch(
                [examples[place] for place in places],
                [each[place] for place in places],
                model=self.model,
                tokenizer=self.tokenizer,
                grammar=grammar,
            )
            for place, output in zip(places, answered, strict=True):
                outputs[place] = output
        return [output for output in outputs if output is not None]

    def _answer_best(
        self, examples: Sequence[Example], options: Sequence[DecodingOptions], *, grammar: Grammar | None
    ) -> list[ModelOutput]:
        """The best candidate for each example, all candidates of all examples decoded together."""
        each = [spread(one, example) for one, example in zip(options, examples, strict=True)]
        repeated = [example for example, some in zip(examples, each, strict=True) for _ in some]
        drawn = iter(self.answer(repeated, [one for some in each for one in some], grammar=grammar))
        return [
            keep_best(list(islice(drawn, len(some))), example, model=self.model, tokenizer=self.tokenizer)
            for example, some in zip(examples, each, strict=True)
        ]

    def decoding(self, task: Task) -> DecodingOptions:
        """How a task is decoded where the user does not say: this model's way, else the task's own."""
        return self.defaults.of_task(task)

    def score(self, example: Example, choices: Sequence[str]) -> dict[str, float]:
        """Mean log-probability a token of each text as the answer to ``example``; the best is the largest."""
        return choose_answers([example], choices, model=self.model, tokenizer=self.tokenizer)[0].scores

    @property
    def _rate(self) -> int:
        return self.model.config.geometry.audio.sample_rate

    def _read(self, value: Any) -> Any:
        """A task's input; sounds that need the model's sample rate are brought to it."""
        if not _is_sound(value):
            return value
        return read_sound(value, rate=self._rate, limits=self.limits.audio)

    def _batches(
        self, examples: Sequence[Example], options: Sequence[DecodingOptions]
    ) -> Iterator[list[int]]:
        """Places of the requests that go through the model together."""
        groups: dict[tuple[TargetModality, DecodingOptions], list[int]] = {}
        for place, (example, one) in enumerate(zip(examples, options, strict=True)):
            key = example.target_modality, one.model_copy(update={"seed": 0})
            groups.setdefault(key, []).append(place)
        for places in groups.values():
            for start in range(0, len(places), self.batch_size):
                yield places[start : start + self.batch_size]


def _offer_choices(options: DecodingOptions, example: Example) -> DecodingOptions:
    """The options with the choices that the example itself offers, where they ask for these."""
    if not options.offered:
        return options
    if not example.choices:
        raise InputError(
            "no choices are offered", got=f"an example of {example.task!r} without any", expected="1 or more"
        )
    return options.model_copy(update={"choices": example.choices, "offered": False})


def _free_options(example: Example, defaults: GenerationDefaults) -> dict[str, Any]:
    """How a free prompt is decoded where the user does not say (spec section 14)."""
    options = defaults.of(example.target_modality).model_dump()
    if example.image is not None or example.audio is not None:
        # What is made from a picture or a sound, such as a dense map, goes without guidance or a choice.
        options |= {"guidance": 0.0, "candidates": 1}
    return options


def _is_sound(value: Any) -> TypeGuard[Waveform | tuple[np.ndarray, int]]:
    """Whether a value can only be meant as a sound."""
    if isinstance(value, tuple):
        items = cast(tuple[object, ...], value)
        return len(items) == 2 and isinstance(items[0], np.ndarray)
    return isinstance(value, Waveform)


def _target_modality(output: str) -> TargetModality:
    try:
        return TargetModality(output)
    except ValueError as error:
        raise InputError(
            "unknown output", got=repr(output), expected=", ".join(one.value for one in TargetModality)
        ) from error
