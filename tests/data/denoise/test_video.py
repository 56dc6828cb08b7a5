import numpy as np
import pytest
from synthetic import GEOMETRY

from unio.core import InputError
from unio.data.denoise import Video
from unio.data.denoise.video import sample_video
from unio.schema import Geometry, Picture, Waveform


def frames(count: int) -> tuple[Picture, ...]:
    return tuple(np.full((2, 2, 3), shade, dtype=np.uint8) for shade in range(count))


def shades(video: Video, *, center: bool, seed: int = 0) -> list[int]:
    found = sample_video(video, geometry=Geometry(), center=center, rng=np.random.default_rng(seed))
    assert found.image is not None
    return [int(one[0, 0, 0]) for one in (*found.image_history, found.image)]


def test_the_middle_frame_of_each_of_five_parts() -> None:
    assert shades(Video(name="clip", frames=frames(10)), center=True) == [1, 3, 5, 7, 9]


def test_in_training_a_random_frame_of_each_part() -> None:
    drawn = [shades(Video(name="clip", frames=frames(20)), center=False, seed=seed) for seed in range(9)]
    assert len({tuple(one) for one in drawn}) > 1
    assert all([shade // 4 for shade in one] == [0, 1, 2, 3, 4] for one in drawn)


def test_few_frames_are_all_kept() -> None:
    assert shades(Video(name="clip", frames=frames(2)), center=False) == [0, 1]


def test_a_short_sound_is_kept_whole_and_a_long_one_is_cut_around_the_frames() -> None:
    segment = GEOMETRY.audio.segment_samples
    short = Waveform(samples=np.zeros(2 * segment, np.float32), rate=16000)
    video = Video(name="clip", frames=frames(5), sound=short)
    rng = np.random.default_rng(0)
    assert sample_video(video, geometry=GEOMETRY, center=True, rng=rng).audio is short
    long = Waveform(samples=np.arange(20 * segment, dtype=np.float32), rate=16000)
    found = sample_video(
        Video(name="clip", frames=frames(5), sound=long), geometry=GEOMETRY, center=True, rng=rng
    )
    assert found.audio is not None
    clips = [*found.audio_history, found.audio]
    assert [len(one.samples) for one in clips] == [segment] * 5
    middles = [float(one.samples[segment // 2]) / segment for one in clips]
    np.testing.assert_allclose(middles, [2, 6, 10, 14, 18], atol=0.01)


def test_a_video_without_frames_is_refused() -> None:
    with pytest.raises(InputError, match="video 'clip' has no frames"):
        shades(Video(name="clip", frames=()), center=True)
