import numpy as np
import pytest

from unio.playroom.bodies import TIMESTEP
from unio.playroom.simulator import Simulator
from unio.playroom.things import SIZES, Thing

BALL = Thing(shape="ball", colour="red", material="wood", size="large", position=(0, 0, 1))
CONE = Thing(shape="cone", colour="red", material="wood", size="small", position=(0.5, 0, 1))


def test_things_start_where_they_are_and_fall() -> None:
    simulator = Simulator([BALL, CONE])
    assert simulator.things_now() == (BALL, CONE)
    for _ in range(50):
        simulator.step()
    fallen = 1 - 9.81 * (50 * TIMESTEP) ** 2 / 2
    for thing in simulator.things_now():
        assert thing.position[2] == pytest.approx(fallen, abs=0.002)


def test_gap_is_the_air_between_surfaces() -> None:
    other = BALL.moved((0.0, 0.5, 1.0))
    assert Simulator([BALL, other]).gap(0, 1) == pytest.approx(0.5 - 2 * SIZES["large"], abs=1e-6)


def test_a_number_that_runs_away_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    simulator = Simulator([BALL])
    simulator.step(2)
    assert simulator.is_stable
    simulator.data.qvel[0] = np.nan
    simulator.step()
    assert not simulator.is_stable
    simulator.step(3)
    assert not simulator.is_stable
    assert not list(tmp_path.iterdir())  # of itself MuJoCo writes a log where it runs
