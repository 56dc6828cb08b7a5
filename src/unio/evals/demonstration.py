"""One card of the demo page: what the model was given, the truth, and what it answered.

The truth takes the answer's own way: the task is handed its target as if the model had said it, parses
it and draws it. So a difference between the two columns is a difference between answers, never between
two ways of drawing.
"""

import math
import time
from dataclasses import replace

import numpy as np

from unio.data.sources.playroom import PushTrial, closed_loop
from unio.data.tasks.task import Task
from unio.evals.answerer import Answerer
from unio.evals.closed_loop import film, model_policy
from unio.evals.evaluator import evaluation_options
from unio.evals.page.card import Card, Figure, Item, Panel, Player, Strip, Words
from unio.evals.page.data_uri import animation_uri, picture_uri, sound_uri
from unio.media import (
    Prediction,
    colour_depth,
    depth_range,
    draw_boxes,
    draw_waveform_spectrogram,
    fit_transform,
)
from unio.playroom.push_problems import MAX_PUSHES
from unio.schema import Example, ModelOutput, Picture, Waveform, prompt_prefix
from unio.vocab import parse_locations

__all__ = ["demonstrate", "demonstrate_push"]

FILM_SPEED = 12
"""Frames a second of a push's film, a little faster than it happened."""


def demonstrate(task: Task, example: Example, *, answerer: Answerer, seed: int, index: int = 0) -> Card:
    """Have ``example`` answered and lay question, truth and answer side by side."""
    begin = time.perf_counter()
    options = evaluation_options(task, answerer.decoding(task), seed=seed, index=index)
    (output,) = answerer.answer([example], [options])
    seconds = time.perf_counter() - begin
    answer = task.parse(output, example)
    truth = task.parse(truth_output(example), example)
    given = input_items(example)
    return Card(
        task=task.name,
        group=task.group,
        title=task.title,
        prompt=plain_prompt(example),
        panels=(
            *((Panel(heading="Input", items=given),) if given else ()),
            Panel(heading="Truth", items=answer_items(truth, scale=truth)),
            Panel(heading="Answer", items=answer_items(answer, scale=truth)),
        ),
        scores=task.score(answer, example.truth),
        seconds=seconds,
    )


def demonstrate_push(
    task: Task, example: Example, trial: PushTrial, *, answerer: Answerer, seed: int
) -> Card:
    """As `demonstrate`, with both pushes carried out in the simulator and shown as films.

    ``trial`` is the untouched problem that ``example`` asks about. The truth is the expert's push; the
    answer looks again and goes on until its pushes are spent.
    """
    card = demonstrate(task, example, answerer=answerer, seed=seed)
    expert = trial.after(task.parse(truth_output(example), example))
    (tried,) = closed_loop([trial], model_policy(answerer, task, seed=seed))
    given, truth, answer = card.panels
    told = f"{'reached' if tried.success else 'not reached'} in {tried.pushes} of {MAX_PUSHES} pushes"
    return replace(
        card,
        panels=(
            given,
            replace(truth, items=(film_item(expert, "the expert's push"),)),
            replace(answer, items=(film_item(tried, "the model's pushes"), Words(text=told))),
        ),
    )


def film_item(trial: PushTrial, caption: str) -> Figure:
    """What a trial's pushes did, as an animation."""
    return Figure(uri=animation_uri(film(trial), frames_per_second=FILM_SPEED), caption=caption)


def truth_output(example: Example) -> ModelOutput:
    """The target as a model would have said it."""
    return ModelOutput(text=example.target_text, image=example.target_image, audio=example.target_audio)


def input_items(example: Example) -> tuple[Item, ...]:
    """The media given: frames with the picture as the last of them, or the picture, or the sound."""
    items: list[Item] = []
    if example.image_history:
        frames = [*example.image_history, *([] if example.image is None else [example.image])]
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
        items.append(figure(mark_regions(example.image, example.prompt), "the picture given"))
    if example.audio is not None:
        items.append(player(example.audio))
    return tuple(items)


def mark_regions(picture: Picture, prompt: str) -> Picture:
    """The picture with the boxes that the prompt names by location pieces, if it names any."""
    values = parse_locations(prompt)
    if not values or len(values) % 4:
        return picture
    height, width = picture.shape[:2]
    transform = fit_transform(height, width, size=max(height, width))
    return draw_boxes(picture, transform.boxes_to_original(np.array(values).reshape(-1, 4)))


def plain_prompt(example: Example) -> str:
    """A prompt as a person would read it; its boxes are drawn, not read.

    Example: ``"[Text] [S] What is left of the ball? <image_input>"`` -> ``"What is left of the ball?"``.
    """
    words = example.prompt.removeprefix(prompt_prefix(example.target_modality)).split()
    spoken = " ".join(word for word in words if not word.startswith(("<image_", "<audio_", "<extra_id_")))
    return spoken.replace(" ?", "?").replace(" .", ".")


def answer_items(prediction: Prediction, *, scale: Prediction) -> tuple[Item, ...]:
    """An answer as it is looked at; ``scale`` is the truth, which sets the range of depth colours."""
    if prediction.audio is not None:
        return (player(prediction.audio),)
    if prediction.depth is not None:
        near, far = depth_range(prediction.depth if scale.depth is None else scale.depth)
        return (
            figure(colour_depth(prediction.depth, near=near, far=far), "depth, near bright and far dark"),
        )
    maps = (prediction.image, prediction.normals, prediction.flow, prediction.mask)
    places = (prediction.boxes, prediction.points, prediction.corners, prediction.action)
    if any(values is not None for values in (*maps, *places)):
        return (figure(prediction.draw(), f"the answer of {prediction.task}"),)
    if prediction.pose is not None:
        return (Words(text=describe_pose(prediction)),)
    return (Words(text=prediction.text or "(no words)"),)


def describe_pose(prediction: Prediction) -> str:
    """A camera's move in words: angles in degrees, distance in metres."""
    assert prediction.pose is not None, "only a pose is described as one"
    polar, azimuth, distance = prediction.pose.tolist()
    return (
        f"polar angle {math.degrees(polar):+.0f}°, azimuth {math.degrees(azimuth):+.0f}°, "
        f"distance {distance:+.2f} m"
    )


def figure(picture: Picture, caption: str) -> Figure:
    """A picture on the page."""
    return Figure(uri=picture_uri(picture), caption=caption)


def player(waveform: Waveform) -> Player:
    """A sound on the page, with its spectrogram."""
    spectrogram = figure(draw_waveform_spectrogram(waveform), "spectrogram, time to the right")
    return Player(uri=sound_uri(waveform), spectrogram=spectrogram)
