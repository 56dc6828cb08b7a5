import pytest

from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact, ForceRecord
from unio.playroom.simulator import Simulator
from unio.playroom.things import SIZES, Thing


def ball(x: float, height: float) -> Thing:
    return Thing(
        shape="ball", colour="red", material="glass", size="large", position=(x, 0, SIZES["large"] + height)
    )


def contacts(things: list[Thing], *, steps: int, sideways: float = 0.0) -> tuple[Contact, ...]:
    simulator = Simulator(things)
    simulator.data.qvel[0] = sideways
    record = ForceRecord(simulator)
    for _ in range(steps):
        simulator.step()
        record.add_step()
    return record.contacts()


def test_a_fall_of_20_cm_hits_after_a_fifth_of_a_second_with_its_momentum() -> None:
    first, *_ = contacts([ball(0, 0.2)], steps=150)
    assert (first.thing, first.other, first.material) == (0, -1, "glass")
    assert first.time == pytest.approx(0.202, abs=0.006)
    momentum = nominal_mass("glass", "large") * 1.98
    assert momentum < first.impulse < 2 * momentum  # stopped, and thrown back a little


def test_lying_still_makes_no_contact() -> None:
    assert contacts([ball(0, 0), ball(0.3, 0)], steps=200) == ()


def test_things_that_meet_are_both_named_once() -> None:
    hits = contacts([ball(0, 1.0), ball(0.2, 1.0)], steps=60, sideways=1.0)
    assert [(hit.thing, hit.other) for hit in hits] == [(0, 1)]


def test_nothing_recorded_nothing_found() -> None:
    assert ForceRecord(Simulator([ball(0, 0)])).contacts() == ()
