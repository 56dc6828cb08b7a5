"""`video_vqa`: a short answer to a question about a video.

Raw example (fields ``image_history``, ``image``: its frames, oldest first; ``audio``, ``audio_history`` where
there is sound; ``question``, ``answer``, and ``kind`` where a source sorts its questions)::

    question: "Where does the ball roll?"   answer: "left"   kind: "direction"

Prompt ``[Text] [S] Where does the ball roll? <image_history_1> .. <image_input>``, target ``left``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from unio.data.tasks.inputs import VIDEO, text_input
from unio.data.tasks.predictions import text_prediction
from unio.data.tasks.scoring.words import same_text
from unio.data.tasks.task import Answer, Record, Task
from unio.media import Prediction
from unio.schema import DecodingOptions, Example, ModelOutput, TargetModality

__all__ = ["VideoQuestion"]


class VideoQuestion(Task):
    """Metric ``accuracy``: the answer's words are those of the truth. Chance as for ``vqa``."""

    name = "video_vqa"
    group = "video understanding"
    title = "answer a question about a video"
    inputs = (VIDEO, text_input("question", "a question about the video"))
    output = TargetModality.TEXT
    metric = "accuracy"
    chance = 0.31
    decoding = DecodingOptions(temperature=0, max_tokens=32)

    def answer(self, record: Record, rng: np.random.Generator) -> Answer:  # noqa: ARG002
        """The answer; the truth keeps it with the question's kind."""
        return Answer(
            text=record["answer"], truth={"answer": record["answer"], "kind": record.get("kind", "")}
        )

    def parse(self, output: ModelOutput, example: Example) -> Prediction:
        """The answer's words."""
        return text_prediction(output, example)

    def score(self, prediction: Prediction, truth: Mapping[str, Any]) -> dict[str, float]:
        """1 or 0."""
        return {"accuracy": float(same_text(prediction.text or "", truth["answer"]))}
