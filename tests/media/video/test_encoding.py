import numpy as np
import pytest

from unio.core import InputError
from unio.media import load_video
from unio.media.video.encoding import encode_video


def test_a_video_comes_back_nearly():
    frames = [np.full((32, 48, 3), 40 * number, np.uint8) for number in range(5)]
    video = load_video(encode_video(frames, frames_per_second=10))
    assert len(video.history) == 4
    for frame, true in zip((*video.history, video.image), frames, strict=True):
        assert np.abs(frame.astype(int) - true).max() <= 3


@pytest.mark.parametrize(
    ("shapes", "message"),
    [([], "no pictures"), ([(4, 5)], "4 x 5"), ([(4, 4), (4, 6)], "4 x 4, 4 x 6")],
)
def test_pictures_that_make_no_video_are_refused(shapes, message):
    frames = [np.zeros((*shape, 3), np.uint8) for shape in shapes]
    with pytest.raises(InputError, match=f"cannot make a video of these pictures: got {message}"):
        encode_video(frames, frames_per_second=10)
