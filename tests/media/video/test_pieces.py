import numpy as np
import pytest

from unio.media.video import Video, sound_pieces
from unio.schema import AudioGeometry, Waveform

GEOMETRY = AudioGeometry(sample_rate=100, hop=10, frames=11, history_segments=4)  # segments of 1 s


def video(seconds, times=(1.0, 3.0, 5.0, 7.0, 9.0)):
    samples = np.arange(round(seconds * 100), dtype=np.float32)
    sound = None if seconds == 0 else Waveform(samples=samples, rate=100)
    frames = (np.zeros((2, 2, 3), np.uint8),) * len(times)
    return Video(frames=frames, times=times, seconds=seconds, sound=sound)


def test_a_short_sound_is_heard_whole():
    first, second = sound_pieces(video(2.0), GEOMETRY)
    assert first.samples[[0, -1]].tolist() == [0, 99]
    assert second.samples[[0, -1]].tolist() == [100, 199]
    assert len(sound_pieces(video(5.3), GEOMETRY)) == 5


def test_of_a_long_sound_a_segment_around_each_frame_is_heard():
    pieces = sound_pieces(video(10.0), GEOMETRY)
    assert [piece.samples[0] for piece in pieces] == [50, 250, 450, 650, 850]
    assert {len(piece.samples) for piece in pieces} == {100}


def test_pieces_at_the_ends_move_inwards():
    pieces = sound_pieces(video(10.0, times=(0.0, 9.9)), GEOMETRY)
    assert [piece.samples[0] for piece in pieces] == [0, 900]


def test_no_sound_no_pieces():
    assert sound_pieces(video(0), GEOMETRY) == ()


def test_there_are_never_more_than_the_model_takes():
    geometry = AudioGeometry(sample_rate=100, hop=10, frames=11, history_segments=1)
    assert len(sound_pieces(video(10.0), geometry)) == 2
    assert sound_pieces(video(10.0), geometry)[1].seconds == pytest.approx(1.0)
