"""A video's sound as the segments the model hears with its frames (spec section 5, "its sound likewise")."""

from unio.media.segments import split_segments
from unio.media.video.loading import Video
from unio.schema import AudioGeometry, Waveform

__all__ = ["sound_pieces"]


def sound_pieces(video: Video, geometry: AudioGeometry) -> tuple[Waveform, ...]:
    """The last piece is the current sound, those before it are its history; none for a silent video.

    A sound that fits into as many segments as the model takes is heard whole, cut one after the other.
    Of a longer one a segment around the moment of each frame is heard, moved inwards at the ends.
    """
    if video.sound is None:
        return ()
    samples, length = video.sound.samples, geometry.segment_samples
    whole = split_segments(video.sound, geometry)
    if len(whole) <= geometry.history_segments + 1:
        return tuple(Waveform(samples=one, rate=geometry.sample_rate) for one in whole)
    pieces: list[Waveform] = []
    for time in video.times[-(geometry.history_segments + 1) :]:
        begin = round(time * geometry.sample_rate) - length // 2
        begin = min(max(begin, 0), len(samples) - length)
        pieces.append(Waveform(samples=samples[begin : begin + length], rate=geometry.sample_rate))
    return tuple(pieces)
