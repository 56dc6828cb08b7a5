from dataclasses import dataclass

import numpy as np
import pytest

from unio.data.sources.chance import measure_chance
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import task
from unio.schema import Example


@dataclass(frozen=True)
class Questions:
    """Three of four colours are red, all sizes are small."""

    def example(self, task: str, seed: int, index: int) -> Example:
        kind, answer = ("size", "small") if index % 2 else ("colour", "blue" if index % 8 == 0 else "red")
        record = {
            "image": np.zeros((8, 8, 3), np.uint8),
            "question": "?",
            "answer": answer,
            "kind": kind,
        }
        return globals()["task"](task).example(record, np.random.default_rng(index))


def test_each_kind_of_question_has_its_own_most_common_answer():
    assert measure_chance(Questions(), "vqa", count=16) == pytest.approx((0.75 + 1) / 2)


@pytest.mark.parametrize(("name", "slack"), [("arithmetic", 0.05), ("sort", 0.02), ("audio_tag", 0.15)])
def test_stated_chance_is_what_is_measured(name, slack):
    measured = measure_chance(PlayroomSource(split="test", size=32), name, count=60, seed=1)
    assert measured == pytest.approx(task(name).chance, abs=slack)


def test_pictures_are_guessed_as_the_mean_too():
    source = PlayroomSource(split="test", size=32)
    assert 0.8 < measure_chance(source, "depth", count=12) < 0.99
    assert measure_chance(source, "normals", count=12) > 3
