"""What training bends, seen in whole batches."""

import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.data.batches import BatchMaker, Group
from unio.data.mixture import Mixture
from unio.data.packing import collate_packed
from unio.data.shaping import Shaping
from unio.schema import Features, Target, TargetFeatures, TargetModality


def made(task: str, shaping: Shaping) -> Target[np.ndarray]:
    modality = TargetModality.IMAGE if task == "paint" else TargetModality.AUDIO
    maker = BatchMaker(
        source=SyntheticSource(),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={modality: Group(mixture=Mixture(weights={task: 1}), count=6)},
        seed=3,
        shaping=shaping,
    )
    return maker.make(0).batch.targets[modality]


def test_nothing_is_bent_unasked():
    target = made("paint", Shaping())
    assert target.withheld is None
    assert target.weights is None


@pytest.mark.parametrize("task", ["paint", "hum"])
def test_codes_are_withheld_but_for_tasks_that_are_told_all(task: str):
    withheld = made(task, Shaping(withheld=1.0)).withheld
    assert withheld is not None
    assert withheld.any()
    assert made(task, Shaping(withheld=1.0, told=frozenset({task}))).withheld is None


def test_emphasis_is_for_pictures_alone():
    weights = made("paint", Shaping(emphasis=0.5)).weights
    assert weights is not None
    assert weights.shape == (6, 4)
    assert weights.mean() == pytest.approx(1)
    assert made("hum", Shaping(emphasis=0.5)).weights is None


def test_packed_pictures_keep_their_weights():
    weights = np.array([0.5, 0.5, 1.0, 2.0], np.float32)
    picture = np.zeros((16, 16, 3), np.float32)
    features = [
        Features(
            task="paint",
            text=np.array([5, 1]),
            target=TargetFeatures(modality=TargetModality.IMAGE, media=picture, weights=one),
        )
        for one in (None, weights)
    ]
    packed = collate_packed([features], geometry=GEOMETRY).targets[TargetModality.IMAGE].weights
    assert packed is not None
    assert packed.tolist() == [[1, 1, 1, 1], weights.tolist()]
