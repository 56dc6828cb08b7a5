import numpy as np
import pytest

from tests.media.video.conftest import encode, greys
from unio.core import InputError
from unio.media.video import VideoLimits, load_video


def test_five_frames_and_the_sound_in_step(twenty, tmp_path):
    path = tmp_path / "video.mp4"
    path.write_bytes(twenty)
    video = load_video(path)
    assert [round(float(frame.mean()), -1) for frame in video.frames] == [20, 60, 100, 140, 180]
    assert video.times == pytest.approx((0.2, 0.6, 1.0, 1.4, 1.8))
    assert video.seconds == pytest.approx(2.0)
    assert video.sound.seconds == pytest.approx(2.0, abs=0.01)
    assert len(video.history) == 4
    assert video.image is video.frames[4]


def test_few_frames_give_all_they_have():
    assert len(load_video(encode(greys(3, step=80))).frames) == 3
    single = load_video(encode(greys(1)))
    assert len(single.frames) == 1
    assert single.history == ()


def test_black_bars_go_unless_they_are_wanted():
    barred = [np.pad(np.full((32, 48, 3), 180, np.uint8), ((16, 16), (0, 0), (0, 0)))] * 5
    raw = encode(barred)
    assert load_video(raw).image.shape[0] == pytest.approx(32, abs=2)
    assert load_video(raw, remove_bars=False).image.shape == (64, 48, 3)


def test_an_array_of_frames_is_a_silent_video():
    video = load_video(np.stack(greys(10)))
    assert [int(frame[0, 0, 0]) for frame in video.frames] == [10, 30, 50, 70, 90]
    assert video.sound is None
    assert load_video(video) is video


def test_the_sound_can_be_left_out(twenty):
    assert load_video(twenty, with_sound=False).sound is None
    assert load_video(load_video(twenty), with_sound=False).sound is None


@pytest.mark.parametrize(
    "array", [np.zeros((4, 8, 8), np.uint8), np.zeros((4, 8, 8, 3)), np.zeros((0, 8, 8, 3), "u1")]
)
def test_an_array_that_is_no_video_is_refused(array):
    with pytest.raises(InputError, match=r"the given array is no video: .*expected uint8 \(frames, height"):
        load_video(array)


def test_an_array_of_too_many_frames_is_refused():
    with pytest.raises(InputError, match="too many frames: got 6; expected at most 5"):
        load_video(np.stack(greys(6)), limits=VideoLimits(max_frames=5))


def test_bytes_are_limited_before_they_are_read(twenty, tmp_path):
    path = tmp_path / "video.mp4"
    path.write_bytes(twenty)
    with pytest.raises(InputError, match="is too large: got more than 1,000 bytes"):
        load_video(path, limits=VideoLimits(max_bytes=1000))


def test_files_that_are_missing_or_empty_are_told(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*expected a video file"):
        load_video(tmp_path / "none.mp4")
    with pytest.raises(InputError, match="the given video is empty"):
        load_video(b"")
