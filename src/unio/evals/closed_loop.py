"""The robot's score: look, push, look again, at most a few times, judged by where the things end up.

The family `act` is scored on one push. Here the model goes on until its goal is reached or its pushes are
spent, as a robot would. Chance is the same loop with pushes that fit other problems.
"""

from collections.abc import Sequence
from itertools import count

import numpy as np

from unio.data.sources.playroom import PlayroomSource, Policy, PushTrial, closed_loop
from unio.data.tasks.task import Task
from unio.evals.answerer import Answerer
from unio.evals.evaluator import EvaluationConfig, Progress, evaluation_options
from unio.evals.result_log import ExampleResult, ResultLog
from unio.evals.summary import TaskSummary, combine
from unio.media import Prediction, draw_arrows
from unio.playroom import Push, expert_push, render
from unio.schema import Example, Picture

__all__ = [
    "CLOSED_LOOP",
    "blind_policy",
    "evaluate_pushes",
    "film",
    "model_policy",
    "summarise_pushes",
]

CLOSED_LOOP = "act_closed_loop"
"""Name of the row in the log and in the table."""

HELD_FRAMES = 6
"""Frames for which a film rests on the arrow before the push is made."""


def model_policy(answerer: Answerer, task: Task, *, seed: int) -> Policy:
    """Pushes as ``answerer`` chooses them."""
    options = evaluation_options(task, answerer.decoding(task), seed=seed, index=0)

    def choose(examples: Sequence[Example]) -> list[Prediction]:
        outputs = answerer.answer(examples, [options] * len(examples))
        return [task.parse(output, example) for output, example in zip(outputs, examples, strict=True)]

    return choose


def blind_policy(source: PlayroomSource, task: Task, *, seed: int) -> Policy:
    """Pushes that the expert makes in other problems, whatever the picture shows."""
    places = count()

    def choose(examples: Sequence[Example]) -> list[Prediction]:
        predictions: list[Prediction] = []
        for _ in examples:
            problem = source.push_trial(seed + 1, next(places)).problem
            push = expert_push(problem.scene, problem.mover, problem.goal)
            action = np.array([[*push.start, *push.end]]) * source.size
            predictions.append(Prediction(task=task.name, action=action))
        return predictions

    return choose


def evaluate_pushes(
    policy: Policy, *, source: PlayroomSource, config: EvaluationConfig, log: ResultLog, report: Progress
) -> None:
    """Run ``config.count`` push problems to their end into ``log``; what is there is not redone."""
    missing = [index for index in range(config.count) if (CLOSED_LOOP, index) not in log]
    report(CLOSED_LOOP, config.count - len(missing))
    for start in range(0, len(missing), config.batch_size):
        indices = missing[start : start + config.batch_size]
        trials = closed_loop([source.push_trial(config.seed, index) for index in indices], policy)
        log.append(
            ExampleResult(
                task=CLOSED_LOOP,
                index=index,
                scores={"success": float(trial.success), "pushes": float(trial.pushes)},
                seconds=0.0,
            )
            for index, trial in zip(indices, trials, strict=True)
        )
        report(CLOSED_LOOP, len(indices))


def summarise_pushes(task: Task, results: ResultLog, blind: ResultLog) -> TaskSummary | None:
    """The row of the closed loop, or None if no problem was run."""
    rows = results.results(CLOSED_LOOP)
    if not rows:
        return None
    scores = combine(rows, aggregate="mean")
    return TaskSummary(
        task=CLOSED_LOOP,
        group=task.group,
        title=f"{task.title}, look again and go on",
        metric="success",
        higher_is_better=True,
        score=scores["success"],
        chance=combine(blind.results(CLOSED_LOOP), aggregate="mean").get("success", 0.0),
        ceiling=None,
        count=len(rows),
        seconds=0.0,
        scores=scores,
    )


def film(trial: PushTrial, *, size: int = 256) -> list[Picture]:
    """Every state of a trial's pushes as pictures, each push first shown as an arrow for a moment."""
    if not trial.episodes:
        return [render(trial.scene, size=size).rgb]
    frames: list[Picture] = []
    for episode in trial.episodes:
        pictures = [render(scene, size=size).rgb for scene in episode.scenes]
        announced = draw_push(pictures[0], episode.actions[0])
        frames += [announced] * HELD_FRAMES + [draw_push(picture, None) for picture in pictures]
    return frames


def draw_push(picture: Picture, push: Push | None) -> Picture:
    """A frame of the film, all of one size: with the push as an arrow, or with none."""
    arrows = np.zeros((0, 4)) if push is None else np.array([[*push.start, *push.end]])
    height, width = picture.shape[:2]
    return draw_arrows(picture, arrows * np.array([height, width, height, width]))
