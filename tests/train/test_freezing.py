import pytest

from unio.train.freezing import are_encoders_frozen
from unio.train.pace import Pace


@pytest.mark.parametrize(
    ("freeze", "tune_from", "frozen"),
    [
        (False, None, [False] * 8),
        (True, None, [True] * 8),
        (True, 0.75, [True] * 6 + [False] * 2),
        (True, 0.0, [False] * 8),
    ],
)
def test_encoders_are_tuned_at_the_end(freeze: bool, tune_from: float | None, frozen: list[bool]) -> None:
    paces = [Pace(rate_share=1.0, progress=step / 8) for step in range(8)]
    assert [are_encoders_frozen(freeze=freeze, tune_from=tune_from, pace=pace) for pace in paces] == frozen
