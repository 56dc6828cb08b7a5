import pytest

from unio.train.schedule import (
    ScheduleConfig,
    cosine,
    inverse_sqrt,
    linear,
    rate_share,
    trapezoid,
    warmup,
)


def test_warmup_rises_linearly_to_one() -> None:
    assert [warmup(step, 4) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    assert warmup(0, 0) == 1.0


def test_cosine_falls_from_one_to_the_final_share() -> None:
    values = [cosine(step, 2, 6, 0.2) for step in (0, 2, 4, 6, 9)]
    assert values == pytest.approx([1.0, 1.0, 0.6, 0.2, 0.2])


def test_linear_falls_to_the_final_share() -> None:
    assert [linear(step, 0, 4, 0.0) for step in range(5)] == [1.0, 0.75, 0.5, 0.25, 0.0]


def test_trapezoid_holds_and_then_falls() -> None:
    assert [trapezoid(step, 2, 6, 0.0) for step in range(7)] == [1, 1, 1, 1, 1, 0.5, 0]


def test_inverse_sqrt_falls_from_the_warmup_on() -> None:
    assert [inverse_sqrt(step, 4) for step in (0, 4, 16, 64)] == [1.0, 1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("cosine", [0.5, 1.0, 1.0, 0.5, 0.0]),
        ("linear", [0.5, 1.0, 1.0, 0.5, 0.0]),
        ("trapezoid", [0.5, 1.0, 1.0, 1.0, 0.0]),
        ("inverse_sqrt", [0.5, 1.0, 1.0, 0.5**0.5, (1 / 3) ** 0.5]),
    ],
)
def test_the_warmup_multiplies_every_shape(kind: str, expected: list[float]) -> None:
    config = ScheduleConfig.model_validate({"kind": kind, "warmup_steps": 2, "decay_steps": 1})
    shares = [rate_share(config, step=step, total_steps=6) for step in (0, 1, 2, 4, 6)]
    assert shares == pytest.approx(expected)
