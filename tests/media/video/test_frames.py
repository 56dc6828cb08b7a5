import numpy as np
import pytest

from tests.media.video.conftest import encode, greys
from unio.core import InputError
from unio.media.video import VideoLimits
from unio.media.video.container import open_video, read_packets
from unio.media.video.frames import decode_frames

LIMITS = VideoLimits()


def decode(raw, chosen, **limits):
    with open_video(raw, name="it") as container:
        packets = read_packets(container, name="it", limits=LIMITS, with_sound=False)
        return decode_frames(packets, chosen, name="it", limits=VideoLimits(**limits))


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "libx264"),
        ("matroska", "libx264"),
        ("webm", "libvpx-vp9"),
        ("avi", "mpeg4"),
        ("mpegts", "libx264"),
        ("mpegts", "mpeg2video"),
    ],
)
@pytest.mark.parametrize("group", [4, 20])
def test_each_chosen_frame_is_the_one_of_its_index(container, codec, group):
    raw = encode(greys(20), container=container, codec=codec, group=group)
    for chosen in ([2, 6, 10, 14, 18], [0], [19], [0, 1, 19]):
        shades = [float(frame.mean()) for frame in decode(raw, chosen)]
        assert shades == pytest.approx([index * 10 for index in chosen], abs=4)


def test_a_broken_beginning_does_not_matter_for_a_later_stretch():
    # The first group's data is overwritten: a decoder that went through it would show it.
    raw = bytearray(encode(greys(20), container="avi", codec="mpeg4", group=4))
    first = raw.index(b"00dc") + 8
    raw[first : first + 40] = b"\x00" * 40
    (frame,) = decode(bytes(raw), [18])
    assert float(frame.mean()) == pytest.approx(180, abs=4)


def test_a_frame_beyond_the_pixels_is_refused():
    raw = encode(greys(3))
    with pytest.raises(InputError, match=r"it (is broken|has a frame with too many pixels)"):
        decode(raw, [1], max_pixels=100)


def test_data_that_no_decoder_follows_is_refused():
    raw = bytearray(encode(greys(6), container="avi", codec="mpeg4", group=1))
    begin = raw.index(b"00dc")
    while begin != -1 and begin < raw.index(b"idx1"):
        size = int.from_bytes(raw[begin + 4 : begin + 8], "little")
        raw[begin + 8 : begin + 8 + size] = b"\x55" * size
        begin = raw.find(b"00dc", begin + 8 + size)
    with pytest.raises(InputError, match=r"it (is broken|has no frames)"):
        decode(bytes(raw), [1, 3])


def test_frames_are_uint8_rgb():
    red = np.zeros((32, 48, 3), np.uint8)
    red[..., 0] = 220
    (frame,) = decode(encode([red] * 3), [1])
    assert frame.dtype == np.uint8
    assert np.abs(frame.reshape(-1, 3).mean(axis=0) - [220, 0, 0]).max() < 8
