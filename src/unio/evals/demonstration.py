"""One card of the demo page: what the model was given, the truth, and what it answered.

The truth takes the answer's own way: the task is handed its target as if the model had said it, parses
it and draws it. So a difference between the two columns is a difference between answers, never between
two ways of drawing.
"""

import time
from dataclasses import replace

from unio.data.sources.playroom import PushTrial, closed_loop
from unio.data.tasks.task import Task
from unio.evals.answerer import Answerer
from unio.evals.closed_loop import film, model_policy
from unio.evals.evaluator import evaluation_options
from unio.evals.page.card import Card, Figure, Item, Panel, Words
from unio.evals.page.data_uri import animation_uri
from unio.evals.question import figure, input_items, plain_prompt, player
from unio.media import Prediction, colour_depth, depth_range
from unio.playroom.push_problems import MAX_PUSHES
from unio.schema import Example, ModelOutput

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
    given = input_items(task, example)
    return Card(
        task=task.name,
        group=task.group,
        title=task.title,
        prompt=plain_prompt(task, example),
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
    places = (prediction.boxes, prediction.points, prediction.corners, prediction.arrows)
    if any(values is not None for values in (*maps, *places)):
        return (figure(prediction.draw(), f"the answer of {prediction.task}"),)
    return (Words(text=prediction.told or prediction.text or "(no words)"),)
