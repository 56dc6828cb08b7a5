import numpy as np
import pytest

from unio.playroom.episode import Velocity, simulate
from unio.playroom.resting import rest
from unio.playroom.sampling import sample_scene
from unio.playroom.things import SIZES, Thing

BALL = Thing(shape="ball", colour="red", material="wood", size="large", position=(0, 0, 0))
SCENE = sample_scene(0, "train").replace(things=(rest(BALL, (0, 0), 0.0),))


def test_states_every_tenth_of_a_second_from_the_start_on() -> None:
    episode = simulate(SCENE, seconds=0.35)
    assert len(episode.scenes) == 4
    assert episode.scenes[0] == SCENE
    assert episode.waveform.seconds == pytest.approx(0.35)
    assert episode.contacts == ()


def test_a_rolling_ball_rolls_without_slipping_and_slows_down() -> None:
    rate = 0.5 / SIZES["large"]
    velocity = Velocity(linear=(0.5, 0, 0), angular=(0, rate, 0))
    episode = simulate(SCENE, seconds=1.0, velocities={0: velocity})
    way = [scene.things[0].position[0] for scene in episode.scenes]
    steps = np.diff(way)
    assert steps[0] == pytest.approx(0.047, abs=0.003)
    assert steps[-1] < 0.01
    assert episode.contacts == ()


def test_held_things_stay_until_released() -> None:
    high = SCENE.replace(things=(BALL.moved((0, 0, 0.5)),))
    episode = simulate(high, seconds=0.5, releases={0: 0.3})
    heights = [scene.things[0].position[2] for scene in episode.scenes]
    np.testing.assert_allclose(heights[:4], 0.5, atol=1e-6)
    assert heights[5] < heights[4] < 0.49
