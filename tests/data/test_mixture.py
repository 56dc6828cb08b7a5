from collections import Counter

import pytest

from unio.core import ConfigError, validate_config
from unio.data.mixture import Mixture


def test_the_draw_is_a_pure_function_of_seed_and_index() -> None:
    mixture = Mixture(weights={"a": 1, "b": 1, "c": 1})
    draws = [mixture.sample(5, index) for index in range(20)]
    assert draws == [mixture.sample(5, index) for index in range(20)]
    assert draws != [mixture.sample(6, index) for index in range(20)]


def test_draws_follow_the_weights() -> None:
    mixture = Mixture(weights={"a": 6, "b": 3, "never": 0, "c": 1})
    counts = Counter(mixture.sample(0, index) for index in range(2000))
    assert mixture.shares == {"a": 0.6, "b": 0.3, "c": 0.1}
    assert counts["never"] == 0
    assert 1120 < counts["a"] < 1280
    assert 140 < counts["c"] < 260


@pytest.mark.parametrize(
    ("weights", "message"),
    [({}, "at least one task"), ({"a": 0.0}, "at least one task"), ({"a": -1.0}, "0 or more")],
)
def test_useless_weights_are_refused(weights: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        validate_config(Mixture, {"weights": weights}, where="test")
