"""Small videos made on the spot: frame number n is a flat grey of 10 n, with a tone where sound is asked."""

import io

import av
import numpy as np
import pytest


def encode(
    frames,
    *,
    container="mp4",
    codec="libx264",
    rate=10,
    group=12,
    sound=None,
    sound_rate=16000,
    rotation=None,
):
    """The bytes of a video of these pictures; ``sound`` (channels, samples) is laid under it."""
    content = io.BytesIO()
    with av.open(content, "w", format=container) as output:
        pictures = output.add_stream(codec, rate=rate)
        pictures.height, pictures.width = frames[0].shape[:2]
        pictures.pix_fmt = "yuv420p"
        pictures.gop_size = group
        sounds = None
        if sound is not None:
            sounds = output.add_stream("pcm_s16le" if container == "matroska" else "aac", rate=sound_rate)
            sounds.layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(sound)]
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts = number
            output.mux(pictures.encode(picture))
        output.mux(pictures.encode())
        if sounds is not None:
            block = av.AudioFrame.from_ndarray(
                sound.astype(np.float32), format="fltp", layout=sounds.layout.name
            )
            block.sample_rate, block.pts = sound_rate, 0
            resampler = av.AudioResampler(format=sounds.format, layout=sounds.layout, rate=sound_rate)
            for part in [*resampler.resample(block), *resampler.resample(None)]:
                output.mux(sounds.encode(part))
            output.mux(sounds.encode())
    return content.getvalue()


def greys(count, *, height=32, width=48, step=10):
    return [np.full((height, width, 3), number * step % 250, np.uint8) for number in range(count)]


@pytest.fixture(scope="session")
def twenty():
    """Two seconds of twenty frames, a key frame every fourth, with a tone of 440 Hz."""
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(32000) / 16000)
    return encode(greys(20), group=4, sound=tone[None])
