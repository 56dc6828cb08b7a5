import pytest

from unio.train.spike_guard import SpikeGuard, SpikeGuardConfig

CONFIG = SpikeGuardConfig(deviations=4.0, decay=0.9, after_steps=3, most_in_a_row=2)


def warmed_up() -> SpikeGuard:
    guard = SpikeGuard(CONFIG)
    for loss in (2.0, 1.9, 2.1, 2.0):
        assert guard.admits(loss)
    return guard


def test_a_spike_is_refused_and_forgotten() -> None:
    guard = warmed_up()
    mean = guard.mean
    assert not guard.admits(9.0)
    assert guard.mean == mean
    assert guard.admits(2.0)


def test_ordinary_noise_is_admitted() -> None:
    assert warmed_up().admits(2.15)


def test_a_loss_that_stays_high_is_believed() -> None:
    guard = warmed_up()
    assert [guard.admits(9.0) for _ in range(3)] == [False, False, True]
    assert guard.mean > 2.5


def test_nothing_is_refused_at_first() -> None:
    guard = SpikeGuard(CONFIG)
    assert all(guard.admits(loss) for loss in (1.0, 50.0, 1.0))


def test_nan_is_a_spike() -> None:
    assert not warmed_up().admits(float("nan"))


def test_the_mean_is_that_of_the_first_losses() -> None:
    guard = SpikeGuard(CONFIG)
    for loss in (1.0, 3.0):
        guard.admits(loss)
    assert guard.mean == pytest.approx(2.0)
    assert guard.variance == pytest.approx(1.0)


def test_the_state_comes_back_bit_for_bit() -> None:
    guard, other = warmed_up(), SpikeGuard(CONFIG)
    guard.admits(9.0)
    other.restore(guard.tensor())
    assert other == guard
