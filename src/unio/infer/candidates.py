"""Several pictures or sounds for one prompt, of which the one is kept that the model itself reads best.

A model that draws and reads can judge what it drew: it is asked to caption each candidate, or to write down
what is said, and that one is kept from which what was asked for is most probable. To draw many and let a
model choose is how DALL-E was used (arXiv 2102.12092, section 2.6), there with another model as the judge.
"""

from collections.abc import Sequence

from unio.core import InputError, random_stream
from unio.data.tasks import TASKS, Task
from unio.infer.answering import choose_answers
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, Geometry, ModelOutput, TargetModality, prompt_prefix
from unio.vocab import TextTokenizer

__all__ = ["keep_best", "spread"]

READERS = {TargetModality.IMAGE: "caption", TargetModality.AUDIO: "audio_caption"}
"""Families that read what a prompt in a user's own words has brought about."""


def spread(options: DecodingOptions, example: Example) -> list[DecodingOptions]:
    """Options of each candidate: the first has the seed itself, the others seeds that follow from it.

    Raises ``InputError`` for more than one text, and for an example with media, whose prompt says but a part
    of what is wanted.
    """
    if options.candidates == 1:
        return [options]
    if example.target_modality is TargetModality.TEXT:
        raise InputError(
            "candidates are pictures or sounds",
            got=f"candidates={options.candidates} for text",
            fix="leave candidates out",
        )
    has_history = bool(example.image_history or example.audio_history)
    if has_history or example.image is not None or example.audio is not None:
        raise InputError(
            "candidates are told apart by how well the prompt alone can be read from them",
            got=f"candidates={options.candidates} for a prompt with media",
            fix="leave candidates out",
        )
    streams = [random_stream(options.seed, "candidate", number) for number in range(1, options.candidates)]
    seeds = [options.seed, *(int(stream.integers(2**31)) for stream in streams)]
    return [options.model_copy(update={"candidates": 1, "seed": seed}) for seed in seeds]


def keep_best(
    outputs: Sequence[ModelOutput], example: Example, *, model: UnifiedIO, tokenizer: TextTokenizer
) -> ModelOutput:
    """The candidate from which the family's reader most probably reads what was asked for.

    That is what fills the places of the prompt's phrasing, or all of a prompt in the user's own words.
    """
    if len(outputs) == 1:
        return outputs[0]
    reader, words = _reading(example)
    if not words:
        return outputs[0]
    questions = [_question(reader, output, model.config.geometry) for output in outputs]
    read = choose_answers(questions, [words], model=model, tokenizer=tokenizer)
    best = max(range(len(outputs)), key=lambda place: read[place].scores[words])
    return outputs[best]


def _reading(example: Example) -> tuple[Task, str]:
    """The family that reads the candidates, and the words that it should read."""
    phrase = example.prompt.removeprefix(prompt_prefix(example.target_modality)).strip()
    asked = TASKS.get(example.task) if example.task in TASKS else None
    if asked is None or asked.reader is None:
        return TASKS.get(READERS[example.target_modality]), phrase
    return TASKS.get(asked.reader), " ".join(asked.phrasings.read(phrase).values()) or phrase


def _question(reader: Task, output: ModelOutput, geometry: Geometry) -> Example:
    """What the candidate is asked, as the family says it to any user."""
    if output.image is not None:
        return reader.request(geometry, image=output.image)
    return reader.request(geometry, audio=output.audio)
