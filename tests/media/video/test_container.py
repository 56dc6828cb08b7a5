import sys

import av
import numpy as np
import pytest

from tests.media.video.conftest import encode, greys
from unio.core import InputError, MissingExtraError
from unio.media import AudioLimits
from unio.media.video import VideoLimits
from unio.media.video.container import open_video, read_packets


def read(raw, *, with_sound=True, **limits):
    with open_video(raw, name="it.mp4") as container:
        return read_packets(container, name="it.mp4", limits=VideoLimits(**limits), with_sound=with_sound)


def test_the_time_line_is_known_without_decoding(twenty):
    packets = read(twenty)
    assert packets.moments == pytest.approx([number / 10 for number in range(20)])
    assert packets.seconds == pytest.approx(2.0)
    assert packets.has_times
    assert packets.sounds
    assert read(twenty, with_sound=False).sounds == []


@pytest.mark.parametrize(
    "raw",
    [b"just words, many of them\n" * 50, b"#EXTM3U\n#EXTINF:9,\nhttp://example.com/a.ts\n", b"\x00" * 400],
    ids=["text", "playlist", "zeros"],
)
def test_what_is_no_video_is_refused(raw):
    with pytest.raises(InputError, match=r"cannot decode it.mp4: got [\d,]+ bytes .*; expected MP4, MOV"):
        read(raw)


def test_a_coding_that_is_not_on_the_list_is_refused():
    raw = encode(greys(3), container="avi", codec="ffv1")
    with pytest.raises(
        InputError, match=r"the pictures of it.mp4 have an unknown coding: got ffv1; expected one"
    ):
        read(raw)


def test_sound_alone_is_no_video():
    import io

    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=16000)
        stream.layout = "mono"
        block = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
        block.sample_rate, block.pts = 16000, 0
        output.mux(stream.encode(block))
        output.mux(stream.encode())
    with pytest.raises(
        InputError, match=r"it.mp4 has no pictures: got sound alone; .*fix: give it as a sound"
    ):
        read(content.getvalue())


def test_a_video_without_frames_is_refused():
    whole = encode(greys(20), container="matroska")
    with pytest.raises(InputError, match=r"it.mp4 has no frames: got 0 frames; expected at least 1"):
        read(whole[: whole.index(b"\x1f\x43\xb6\x75") + 8])  # behind the id of the first cluster


def test_a_video_that_was_cut_off_is_refused():
    whole = encode(greys(40), container="matroska")
    with pytest.raises(
        InputError, match=r"it.mp4 is cut off: got \d+ frames, .* s; expected 4.0 s, as its header"
    ):
        read(whole[: len(whole) * 2 // 3])


def test_a_cut_off_file_whose_header_lists_its_frames_is_refused(twenty):
    moved = twenty[: len(twenty) - 40]  # the list of frames comes last in this container
    with pytest.raises(InputError, match=r"cannot decode it.mp4: got .* bytes that are broken, cut off or"):
        read(moved[: len(moved) // 2])


def test_frames_are_limited_by_the_header_and_by_count():
    listed = encode(greys(30))
    with pytest.raises(InputError, match=r"too many frames: got 30; expected at most 29; fix: cut a part"):
        read(listed, max_frames=29)
    unlisted = encode(greys(30), container="matroska")
    with pytest.raises(InputError, match=r"too many frames: got more than 29; expected at most 29"):
        read(unlisted, max_frames=29)
    assert len(read(unlisted, max_frames=30).moments) == 30


def test_ten_thousand_frames_are_too_many():
    raw = encode(greys(10_000, height=16, width=16), codec="mpeg4", rate=50)
    with pytest.raises(InputError, match=r"it.mp4 has too many frames: got 10,000; expected at most 9,000"):
        read(raw)


def test_counting_stops_at_the_limit():
    with open_video(encode(greys(30), container="matroska"), name="it.mp4") as container:
        taken = []

        class Counted:
            streams, duration = container.streams, None

            def demux(self, streams):
                for packet in container.demux(streams):
                    taken.append(packet)
                    yield packet

        with pytest.raises(InputError, match=r"too many frames"):
            read_packets(Counted(), name="it.mp4", limits=VideoLimits(max_frames=5), with_sound=False)
    assert len(taken) == 6


def test_seconds_and_pixels_are_limited():
    raw = encode(greys(30), container="mpegts")
    with pytest.raises(InputError, match=r"it.mp4 is too long: got more than 1 s; expected at most 1 s"):
        read(raw, max_seconds=1)
    with pytest.raises(InputError, match=r"too many pixels: got 32 x 48 a frame; expected at most 1,000"):
        read(raw, max_pixels=1000)
    with pytest.raises(InputError, match=r"too small: got 32 x 48 pixels; expected at least 64"):
        read(raw, min_side=64)


def test_without_pyav_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"'av' is not installed: fix: pip install 'unio\[video\]'"):
        read(b"anything")


def test_the_sounds_limits_are_its_own():
    assert VideoLimits().sound == AudioLimits()
