"""What a model was asked, as a person looks at it: the media given, the prompt without its pieces."""

import itertools

import numpy as np

from unio.data.tasks.poses import describe_pose, parse_pose
from unio.data.tasks.task import Task
from unio.evals.page.card import Figure, Item, Player, Strip
from unio.evals.page.data_uri import picture_uri, sound_uri
from unio.media import draw_boxes, draw_points, draw_waveform_spectrogram, fit_transform
from unio.schema import Example, Picture, Waveform, prompt_prefix
from unio.vocab import parse_locations

__all__ = ["figure", "input_items", "plain_prompt", "player"]

PLACES = {"box": "the marked box", "point": "the marked point"}
"""How a place that is drawn on the picture is called."""

NAMED = {"the box", "the region", "the point"}
"""What a prompt may say before a place; read, it would say it twice."""

HOLDERS = ("gap", "part")
"""What a prompt may say is at a place, and only the place says where."""

UNSPOKEN = ("<image_", "<audio_", "<extra_id_")


def input_items(task: Task, example: Example) -> tuple[Item, ...]:
    """The media given: frames with the picture as the last of them, or the picture, or the sound.

    A box or a point that the prompt names is drawn on the first picture, where it is looked for.
    """
    items: list[Item] = []
    if example.image_history:
        first, *others = [*example.image_history, *([] if example.image is None else [example.image])]
        frames = [mark_places(first, task, example.prompt), *others]
        names = [f"frame {number}" for number in range(1, len(frames) + 1)]
        items.append(
            Strip(
                frames=tuple(
                    Figure(uri=picture_uri(frame), caption=name, show_caption=True)
                    for frame, name in zip(frames, names, strict=True)
                )
            )
        )
    elif example.image is not None:
        items.append(figure(mark_places(example.image, task, example.prompt), "the picture given"))
    if example.audio is not None:
        items.append(player(example.audio))
    return tuple(items)


def mark_places(picture: Picture, task: Task, prompt: str) -> Picture:
    """The picture with the box or the point that the prompt of a task names, if it names one."""
    kind = _place_kind(task)
    if kind not in PLACES:
        return picture
    height, width = picture.shape[:2]
    transform = fit_transform(height, width, size=max(height, width))
    values = np.array(parse_locations(prompt))
    if kind == "box":
        return draw_boxes(picture, transform.boxes_to_original(values.reshape(-1, 4)))
    return draw_points(picture, transform.points_to_original(values.reshape(-1, 2)))


def plain_prompt(task: Task, example: Example) -> str:
    """A prompt as a person would read it: boxes and points are drawn, a camera's move is told in words.

    Example: ``"[Text] [S] What is left of the ball? <image_input>"`` -> ``"What is left of the ball?"``.
    """
    kind, prompt = _place_kind(task), example.prompt.removeprefix(prompt_prefix(example.target_modality))
    words: list[str] = []
    for is_piece, run in itertools.groupby(prompt.split(), key=lambda word: word.startswith(UNSPOKEN)):
        if not is_piece:
            words += run
        elif kind is not None and (places := [word for word in run if parse_locations(word)]):
            if kind == "pose":
                words.append(describe_pose(parse_pose(" ".join(places))))
            else:
                words = _say_place(words, PLACES[kind])
            words[-1] += places[-1].rpartition(">")[2]  # a full stop may follow without a blank
    return " ".join(words).replace(" ?", "?").replace(" .", ".")


def figure(picture: Picture, caption: str) -> Figure:
    """A picture on the page."""
    return Figure(uri=picture_uri(picture), caption=caption)


def player(waveform: Waveform) -> Player:
    """A sound on the page, with its spectrogram."""
    spectrogram = figure(draw_waveform_spectrogram(waveform), "spectrogram, time to the right")
    return Player(uri=sound_uri(waveform), spectrogram=spectrogram)


def _say_place(words: list[str], place: str) -> list[str]:
    """``words`` and the place behind them, which is said once."""
    if " ".join(words[-2:]).lower() in NAMED:
        return [*words[:-2], words[-2] + place.removeprefix("the")]
    return [*words, "in", place] if words and words[-1] in HOLDERS else [*words, place]


def _place_kind(task: Task) -> str | None:
    """What the locations of a task's prompt are: box, point, pose, or nothing."""
    kinds = [spec.kind for spec in task.inputs if spec.kind in (*PLACES, "pose")]
    return kinds[0] if kinds else None
