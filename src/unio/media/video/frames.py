"""Chosen frames of a video as pictures: only the stretches that lead to them are decoded."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from unio.core import InputError
from unio.media.resize import resize
from unio.media.video.container import Packets, VideoLimits, seconds_of
from unio.schema import Picture

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.codeccontext import VideoCodecContext

__all__ = ["decode_frames"]

ROUNDING = 1e-6
"""Seconds by which two ways of computing one frame's time may differ."""


def decode_frames(
    packets: Packets, chosen: Sequence[int], *, name: str, limits: VideoLimits
) -> list[Picture]:
    """The frames of these indices (ascending, in order of showing) as RGB, upright and square-pixelled.

    Each is reached from the last key frame before it; what lies between two such stretches is never
    decoded. Frames that the decoder cannot give are left out. Raises ``InputError`` where none is left,
    or a frame is larger than its header said.
    """
    reader = _FrameReader(packets, max_pixels=limits.max_pixels)
    frames = [frame for frame in (reader.frame(index) for index in chosen) if frame is not None]
    if not frames:
        raise InputError(
            f"{name} has no frames",
            got="none that can be decoded",
            expected="at least 1",
            fix="write it anew",
        )
    # A damaged end gives the same last frame several times.
    distinct = [frame for place, frame in enumerate(frames) if frame is not frames[place - 1] or place == 0]
    return [_picture(frame, packets.pixel_width, name=name, limits=limits) for frame in distinct]


class _FrameReader:
    """Walks forward through the packets, decoding from key frame to wanted frame."""

    def __init__(self, packets: Packets, *, max_pixels: int) -> None:
        self._packets = packets
        self._decoder = cast("VideoCodecContext", packets.pictures[0].stream.codec_context)
        # The decoder itself refuses a frame that grows beyond the limit on its way.
        self._decoder.options = {"max_pixels": str(max_pixels)}
        self._times = [
            seconds_of(packet.pts, packet.time_base) - packets.start for packet in packets.pictures
        ]
        self._place = 0
        self._stream = self._decode()
        self._latest: VideoFrame | None = None
        self._shown = -1

    def frame(self, index: int) -> "VideoFrame | None":
        """The frame shown at number ``index``, or the last one before it that there is."""
        begin = self._start_before(self._packets.moments[index])
        if begin > self._place:
            self._decoder.flush_buffers()
            self._place, self._stream, self._latest = begin, self._decode(), None
        while not self._has_reached(index):
            frame = next(self._stream, None)
            if frame is None:
                break
            self._latest, self._shown = frame, self._shown + 1
        return self._latest

    def _decode(self) -> "Iterator[VideoFrame]":
        pictures = self._packets.pictures
        while self._place < len(pictures):
            packet = pictures[self._place]
            self._place += 1
            yield from self._frames_of(packet)
        yield from self._frames_of(None)

    def _frames_of(self, packet: Any) -> "list[VideoFrame]":
        return cast(Any, self._decoder).decode(packet)

    def _start_before(self, moment: float) -> int:
        """The packet from which a frame shown at ``moment`` can be decoded."""
        if not self._packets.has_times:
            return 0
        keys = [
            place
            for place, (packet, time) in enumerate(zip(self._packets.pictures, self._times, strict=True))
            if packet.is_keyframe and time <= moment + ROUNDING
        ]
        return keys[-1] if keys else 0

    def _has_reached(self, index: int) -> bool:
        if self._latest is None:
            return False
        if not self._packets.has_times or self._latest.pts is None:
            return self._shown >= index
        # Not the frame's own time base: the last ones, which the decoder had kept back, come without.
        time = seconds_of(self._latest.pts, self._packets.pictures[0].time_base) - self._packets.start
        return time >= self._packets.moments[index] - ROUNDING


def _picture(frame: "VideoFrame", pixel_width: float, *, name: str, limits: VideoLimits) -> Picture:
    """A frame as RGB, turned as the file says, its pixels made square."""
    if frame.height * frame.width > limits.max_pixels:
        raise InputError(
            f"{name} has a frame with too many pixels",
            got=f"{frame.height:,} x {frame.width:,}",
            expected=f"at most {limits.max_pixels:,}",
        )
    pixels = np.asarray(frame.to_ndarray(format="rgb24"))
    # Pixels are made square by widening or heightening, so that no detail is lost.
    height, width = round(frame.height / min(pixel_width, 1.0)), round(frame.width * max(pixel_width, 1.0))
    if (height, width) != pixels.shape[:2] and height * width <= limits.max_pixels:
        pixels = np.rint(resize(pixels.astype(np.float32), height=height, width=width)).astype(np.uint8)
    turned = np.rot90(pixels, k=round(frame.rotation / 90) % 4)
    return np.ascontiguousarray(turned)
