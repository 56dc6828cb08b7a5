from functools import partial

import numpy as np

from unio.data.showing import draw_truth, truth_facts
from unio.data.sources.playroom import PlayroomSource
from unio.schema import Example, TargetModality


def example(**truth: object) -> Example:
    return Example(task="none", prompt="p", target_modality=TargetModality.TEXT, truth=truth)


def test_fields_are_told_in_short_words() -> None:
    told = truth_facts(
        example(
            box=np.array([1.23456, 2]),
            mask=np.zeros((3, 5), dtype=bool),
            succeeds=partial(max, 1),
            words=("a", "b"),
            text="x" * 500,
        )
    )
    assert told["box"] == "[1.235, 2.   ]"
    assert told["mask"] == "bool, 3 x 5"
    assert told["succeeds"] == "partial"
    assert told["words"] == "('a', 'b')"
    assert len(told["text"]) < 130


def test_the_truth_is_drawn_as_an_answer_would_be() -> None:
    source = PlayroomSource(split="test")
    drawn = draw_truth(source.example("refer", 0, 0))
    assert drawn is not None
    assert drawn.shape[2] == 3
    assert draw_truth(example()) is None
