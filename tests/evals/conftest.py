"""Two rows of a score table: one where more is better, one where less is, without a ceiling."""

import pytest

from unio.evals.summary import TaskSummary

ACCURACY = TaskSummary(
    task="vqa",
    group="understand",
    title="Question answering",
    metric="accuracy",
    higher_is_better=True,
    score=0.83,
    chance=0.31,
    ceiling=1.0,
    count=5,
    seconds=0.012,
    scores={"accuracy": 0.83},
)
DEGREES = TaskSummary(
    task="normals",
    group="maps",
    title="Surface normals",
    metric="median_degrees",
    higher_is_better=False,
    score=12.5,
    chance=60.0,
    ceiling=None,
    count=3,
    seconds=2.25,
    scores={"median_degrees": 12.5},
)


@pytest.fixture
def accuracy() -> TaskSummary:
    return ACCURACY


@pytest.fixture
def degrees() -> TaskSummary:
    return DEGREES
