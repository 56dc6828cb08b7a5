"""What families that draw give to answers of which nothing was learned: the least that a score has to exceed.

    python benchmarks/blind_pictures.py [--scenes 200]

Answers: the given picture, the mean of all true ones, another scene's true one; and the truth through the
image codec, which is the most. Where only a box is asked for, answers stand in that box. Prints markdown.
"""

import argparse
from collections.abc import Sequence
from statistics import fmean

import numpy as np

import unio
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS, Task
from unio.data.tasks.inpaint import box_region
from unio.evals.ceiling import CodecCeiling
from unio.media import Prediction
from unio.schema import Example, Picture

TRUTHS = {
    "next_frame": "next",
    "goal_image": "after",
    "image_edit": "after",
    "view_synthesis": "new",
    "inpaint": "whole",
}
SEED = 3
"""Of scenes that no table uses."""
BATCH = 40
SHIFT = 7
"""How far away the other scene is."""


def mean_score(task: Task, examples: Sequence[Example], answers: Sequence[Picture]) -> float:
    """The mean of the family's metric for given answers."""
    return fmean(
        task.score(Prediction(task=task.name, image=answer, source=example.image), example.truth)[task.metric]
        for answer, example in zip(answers, examples, strict=True)
    )


def only_in_the_box(example: Example, answer: Picture) -> Picture:
    """The answer where the family asks for one, the truth elsewhere."""
    if "box" not in example.truth:
        return answer
    region = box_region(example.truth["box"], example.truth["whole"])
    painted = np.array(example.truth["whole"])
    painted[region] = answer[region]
    return painted


def through_the_codec(codec: CodecCeiling, task: Task, examples: Sequence[Example]) -> list[Picture]:
    """The true pictures as the codes hold them."""
    pictures: list[Picture] = []
    for first in range(0, len(examples), BATCH):
        some = examples[first : first + BATCH]
        outputs = codec.answer(some, [task.decoding] * len(some))
        predictions = [task.parse(*pair) for pair in zip(outputs, some, strict=True)]
        pictures += [one.image for one in predictions if one.image is not None]
    return pictures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="unio-nano")
    parser.add_argument("--scenes", type=int, default=200)
    given = parser.parse_args()
    predictor, source = unio.load(given.model), PlayroomSource(split="test")
    codec = CodecCeiling(predictor.model, predictor.tokenizer)
    print("| family | as given | mean | another scene's | codec |\n|---|---|---|---|---|")
    for name, key in TRUTHS.items():
        task = TASKS.get(name)
        examples = [source.example(name, SEED, index) for index in range(given.scenes)]
        given_pictures = [one.image for one in examples if one.image is not None]
        true = [one.truth[key] for one in examples]
        mean = np.mean(true, axis=0).astype(np.uint8)
        others = true[SHIFT:] + true[:SHIFT]
        blind = (
            given_pictures,
            [only_in_the_box(one, mean) for one in examples],
            [only_in_the_box(one, other) for one, other in zip(examples, others, strict=True)],
            through_the_codec(codec, task, examples),
        )
        scores = [f"{mean_score(task, examples, answers):.3f}" for answers in blind]
        print(f"| {name} | {' | '.join(scores)} |", flush=True)


if __name__ == "__main__":
    main()
