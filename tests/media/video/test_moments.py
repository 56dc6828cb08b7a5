import numpy as np
import pytest

from unio.core import InputError
from unio.media.video.moments import choose_frames

TENTHS = [number / 10 for number in range(20)]


def test_the_middle_of_each_fifth_is_chosen():
    assert choose_frames(list(range(10)), seconds=10, count=5) == [1, 3, 5, 7, 9]
    assert choose_frames(TENTHS, seconds=2.0, count=5) == [2, 6, 10, 14, 18]


def test_time_counts_and_not_the_number_of_frames():
    # The third frame stands still for eight seconds.
    assert choose_frames([0, 1, 2], seconds=10, count=5) == [1, 2]
    assert choose_frames([0, 1, 2, 9], seconds=10, count=5) == [1, 2, 3]


def test_few_frames_are_each_chosen_once():
    assert choose_frames([0.0], seconds=0.1, count=5) == [0]
    assert choose_frames([0.0, 0.1, 0.2], seconds=0.3, count=5) == [0, 1, 2]


def test_in_training_the_moment_is_random_within_its_part():
    drawn = np.array(
        [choose_frames(TENTHS, seconds=2.0, count=5, rng=np.random.default_rng(seed)) for seed in range(60)]
    )
    for part, column in enumerate(drawn.T):
        assert set(column) == set(range(4 * part, 4 * part + 4))


def test_no_frame_cannot_be_asked_for():
    with pytest.raises(InputError, match="no frame is asked for: got 0; expected 1 or more"):
        choose_frames([0.0], seconds=1, count=0)
