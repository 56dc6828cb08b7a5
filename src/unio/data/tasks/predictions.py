"""Raw answers as predictions, for the families that need no parser of their own."""

from unio.data.tasks.scoring.masks import read_mask
from unio.data.tasks.scoring.pictures import unfitted
from unio.media import Prediction
from unio.schema import Example, ModelOutput, Picture

__all__ = [
    "answered_picture",
    "mask_prediction",
    "picture_prediction",
    "sound_prediction",
    "text_prediction",
]


def text_prediction(output: ModelOutput, example: Example) -> Prediction:
    """The answer's words, blanks at the ends dropped."""
    return Prediction(
        task=example.task, text=(output.text or "").strip(), scores=output.scores, source=example.image
    )


def picture_prediction(output: ModelOutput, example: Example) -> Prediction:
    """The answer's picture, brought to the size of the example's picture if it has one."""
    return Prediction(task=example.task, image=answered_picture(output, example), source=example.image)


def mask_prediction(output: ModelOutput, example: Example) -> Prediction:
    """The answer's picture as a mask of the example's picture: True where it is brighter than grey."""
    return Prediction(
        task=example.task, mask=read_mask(answered_picture(output, example)), source=example.image
    )


def sound_prediction(output: ModelOutput, example: Example) -> Prediction:
    """The answer's sound."""
    return Prediction(task=example.task, audio=output.audio, source=example.image)


def answered_picture(output: ModelOutput, example: Example) -> Picture:
    """The picture of an answer, with the fit of the example's picture undone."""
    assert output.image is not None, "a task with picture output was given an answer without picture"
    return output.image if example.image is None else unfitted(output.image, example.image)
