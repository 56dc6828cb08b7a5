from dataclasses import replace

from unio.data.sources.playroom.counted import plain_hits
from unio.playroom import Episode, Thing
from unio.playroom.bodies import nominal_mass
from unio.playroom.contacts import Contact
from unio.playroom.sampling import sample_scene

BALL = Thing(shape="ball", colour="red", material="wood", size="small", position=(0, 0, 0.05))
MASS = nominal_mass("wood", "small")


def episode(*hits):
    """An episode of one ball with hits of (time, change of speed)."""
    scene = sample_scene(0, "test", count=(1, 1)).replace(things=(BALL,))
    contacts = tuple(
        Contact(time=time, thing=0, other=-1, impulse=speed * MASS, material="wood") for time, speed in hits
    )
    return Episode(scenes=(scene,), contacts=contacts, seconds=2.0)


def test_loud_hits_apart_are_counted_and_faint_ones_are_not():
    assert plain_hits(episode((0.1, 1.0), (0.4, 0.5), (0.6, 0.1))) == 2
    assert plain_hits(episode((0.1, 1.0), (0.13, 0.9), (0.5, 0.3))) == 2


def test_what_some_would_count_makes_no_question():
    assert plain_hits(episode((0.1, 1.0), (0.5, 0.22))) is None
    assert plain_hits(episode((0.1, 1.0), (0.155, 0.9))) is None
    assert plain_hits(episode((0.1, 0.1))) is None
    assert plain_hits(episode()) is None


def test_a_simulation_that_failed_has_no_count():
    good = episode((0.1, 1.0), (0.4, 0.5))
    assert plain_hits(good) == 2
    assert plain_hits(replace(good, is_stable=False)) is None
