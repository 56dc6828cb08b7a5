"""What the families' tests share: a wide picture, and the way from a record to its score."""

from types import SimpleNamespace

import numpy as np
import pytest

from unio.data.tasks import task
from unio.schema import ModelOutput


@pytest.fixture
def wide():
    """A picture 20 high and 40 wide: in the padded square it spans y 0.25 to 0.75."""
    rows, columns = np.mgrid[:20, :40]
    return np.stack([rows * 12, columns * 6, rows + columns], axis=2).astype(np.uint8)


def squared(picture):
    """The picture as a model would draw it: padded to a square with black, the smaller half first."""
    height, width = picture.shape[:2]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return np.pad(picture, ((top, side - height - top), (left, side - width - left), (0, 0)))


@pytest.fixture
def answers():
    """``answers(name, record)``: the example, and functions that score the truth or any other answer."""

    def make(name, record, seed=0):
        family = task(name)
        example = family.example(record, np.random.default_rng(seed))

        def parse(**output):
            return family.parse(ModelOutput(**output), example)

        def score(**output):
            return family.score(parse(**output), example.truth)

        truth = {
            "text": example.target_text,
            "image": None if example.target_image is None else squared(example.target_image),
            "audio": example.target_audio,
        }
        return SimpleNamespace(
            example=example,
            parse=parse,
            score=score,
            parsed_truth=parse(**truth),
            perfect=score(**truth),
        )

    return make


def picture(height=20, width=40, seed=0):
    """Smooth random colours, so that two of them differ nearly everywhere."""
    rng = np.random.default_rng(seed)
    return np.repeat(np.repeat(rng.integers(0, 256, (height // 4, width // 4, 3)), 4, 0), 4, 1).astype(
        np.uint8
    )
