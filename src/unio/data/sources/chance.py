"""Chance level of a family on a source: the best that an answer blind to its input can score.

Measured, not derived: the targets of other examples are given as answers, in several blind ways, and the
way that scores best counts. A model must beat it to have looked at its input.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from unio.data.source import Source
from unio.data.tasks import TASKS, Task
from unio.schema import Example, ModelOutput

__all__ = ["measure_chance"]


def measure_chance(
    source: Source, task: str, *, count: int = 200, seed: int = 0, candidates: int = 12
) -> float:
    """The metric of the best blind answer over ``count`` examples, without those it does not judge (NaN).

    The ways: each example gets the target of the next one; all get the same target, the best of the
    ``candidates`` most common texts, chosen for each kind of question apart; all get the mean of all
    pictures; all get their own input picture back, or the mean where there is none.
    """
    family = TASKS.get(task)
    examples = [source.example(task, seed, index) for index in range(count)]
    ways = [_score(family, examples, [_target(other) for other in [*examples[1:], examples[0]]])]
    if examples[0].target_text is not None:
        ways.append(_best_constant(family, examples, candidates))
    if examples[0].target_image is not None:
        # Pictures of one source are of one size.
        mean = np.mean(
            [example.target_image for example in examples if example.target_image is not None], axis=0
        )
        constant = ModelOutput(image=np.rint(mean).astype(np.uint8))
        ways.append(_score(family, examples, [constant] * count))
        if any(example.image is not None for example in examples):
            own = [constant if one.image is None else ModelOutput(image=one.image) for one in examples]
            ways.append(_score(family, examples, own))
    return max(ways) if family.higher_is_better else min(ways)


def _best_constant(family: Task, examples: Sequence[Example], candidates: int) -> float:
    """Each kind of question, where the truth names kinds, has its own constant answer."""
    by_kind: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_kind[str(example.truth.get("kind", ""))].append(example)
    total = 0.0
    for alike in by_kind.values():
        common = Counter(example.target_text for example in alike).most_common(candidates)
        scores = [_score(family, alike, [ModelOutput(text=text)] * len(alike)) for text, _ in common]
        total += len(alike) * (max(scores) if family.higher_is_better else min(scores))
    return total / len(examples)


def _score(family: Task, examples: Sequence[Example], outputs: Iterable[ModelOutput]) -> float:
    scores = [
        family.score(family.parse(output, example), example.truth)[family.metric]
        for output, example in zip(outputs, examples, strict=True)
    ]
    return float(np.nanmedian(scores) if family.aggregate == "median" else np.nanmean(scores))


def _target(example: Example) -> ModelOutput:
    return ModelOutput(text=example.target_text, image=example.target_image, audio=example.target_audio)
