"""A video file's compressed data, read within limits before anything is decoded.

The whole time line is known from the packets alone, so that five frames of a long video cost five short
stretches of decoding. PyAV (extra ``video``) is imported here and only when a video is read.
"""

import io
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import Field

from unio.core import Config, InputError, MissingExtraError
from unio.media.audio import AudioLimits

if TYPE_CHECKING:
    from av import AudioStream, Packet, VideoStream
    from av.container import InputContainer

__all__ = ["Packets", "VideoLimits", "broken", "import_av", "open_video", "read_packets", "seconds_of"]

DEMUXERS = ("mov", "mp4", "matroska", "webm", "avi", "mpegts", "mpeg", "ogg", "gif")
"""Containers a user's file may be in, as FFmpeg names them. None of them opens another file or address."""

VIDEO_CODECS = frozenset(
    {"av1", "gif", "h264", "hevc", "mjpeg", "mpeg1video", "mpeg2video", "mpeg4", "prores", "theora"}
    | {"vp8", "vp9"}
)

AUDIO_CODECS = frozenset(
    {"aac", "ac3", "alac", "eac3", "flac", "mp2", "mp3", "opus", "pcm_alaw", "pcm_f32le", "pcm_mulaw"}
    | {"pcm_s16be", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8", "vorbis"}
)

KNOWN_FORMATS = "MP4, MOV, WebM, MKV, AVI, MPEG, OGG or GIF"

MISSING_SHARE = 0.1
"""A file whose packets fall short of the length its header claims by more than this has been cut off."""


class VideoLimits(Config):
    """What a video may be before and while it is read. Reading stops at the first limit it meets."""

    max_bytes: int = Field(default=256 << 20, gt=0, description="Largest file, in bytes.")
    max_seconds: float = Field(default=300.0, gt=0, description="Longest video, in seconds.")
    max_frames: int = Field(default=9_000, gt=0, description="Most frames: 300 s at 30 frames a second.")
    max_pixels: int = Field(
        default=4096 * 2304, gt=0, description="Most pixels of a frame, height times width."
    )
    min_side: int = Field(default=2, gt=0, description="Shortest side worth looking at, in pixels.")
    sound: AudioLimits = Field(default_factory=lambda: AudioLimits(), description="Limits of its sound.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Packets:
    """Compressed data in the file's order. ``moments`` are the frames' times in order of showing.

    ``moments`` are in seconds from the first frame, one for each packet of ``pictures``; ``start`` is the
    first frame's own time stamp in seconds; ``seconds`` is the length, the last frame's showing included.
    ``has_times`` tells whether every packet carries its time, so that frames can be told apart by it;
    ``pixel_width`` is how much wider than high a pixel is to be shown.
    """

    pictures: "list[Packet[Any]]"
    sounds: "list[Packet[Any]]"
    moments: tuple[float, ...]
    start: float
    seconds: float
    has_times: bool
    pixel_width: float


@contextmanager
def open_video(raw: bytes, *, name: str) -> "Generator[InputContainer]":
    """The file's container, whose streams and headers can be asked. Raises ``InputError``."""
    av = import_av()
    options = {"format_whitelist": ",".join(DEMUXERS), "protocol_whitelist": ""}
    try:
        container: InputContainer = av.open(io.BytesIO(raw), mode="r", options=options)
    except (av.FFmpegError, ValueError) as error:
        raise InputError(
            f"cannot decode {name}",
            got=f"{len(raw):,} bytes that are broken, cut off or of another format",
            expected=KNOWN_FORMATS,
        ) from error
    try:
        yield container
    except av.FFmpegError as error:
        raise broken(name, error) from error
    finally:
        container.close()


def read_packets(container: "InputContainer", *, name: str, limits: VideoLimits, with_sound: bool) -> Packets:
    """Everything up to the end, or to the first limit, where ``InputError`` is raised."""
    pictures = _picture_stream(container, name=name, limits=limits)
    sounds = _sound_stream(container, name=name) if with_sound else None
    kept: dict[int, list[Packet[Any]]] = {pictures.index: []}
    if sounds is not None:
        kept[sounds.index] = []
    first: float | None = None
    for packet in container.demux([stream for stream in (pictures, sounds) if stream is not None]):
        if not packet.size:
            continue
        mine = kept[packet.stream_index]
        mine.append(packet)
        if packet.stream_index != pictures.index:
            continue
        if len(mine) > limits.max_frames:
            raise _too_many_frames(name, f"more than {limits.max_frames:,}", limits)
        if packet.pts is not None:
            moment = seconds_of(packet.pts, packet.time_base)
            first = moment if first is None else min(first, moment)
            if moment - first > limits.max_seconds:
                raise _too_long(name, limits)
    return _timed(kept[pictures.index], kept[sounds.index] if sounds else [], pictures, container, name)


def seconds_of(stamp: int | None, time_base: Fraction | None) -> float:
    """A time stamp in seconds; 0 where there is none."""
    return 0.0 if stamp is None or time_base is None else float(stamp * time_base)


def broken(name: str, error: Exception) -> InputError:
    """What is told of data that no decoder can follow."""
    reason = str(error).partition("]")[2].partition(":")[0].strip() or type(error).__name__
    return InputError(f"{name} is broken", got=reason[:120], expected="a video that decodes")


def _picture_stream(container: "InputContainer", *, name: str, limits: VideoLimits) -> "VideoStream":
    """The first stream of moving pictures, whose header keeps within the limits."""
    streams = [one for one in container.streams.video if not one.disposition.value & _COVER]
    if not streams:
        raise InputError(
            f"{name} has no pictures",
            got="sound alone" if container.streams.audio else "no stream of pictures",
            expected="a video",
            fix="give it as a sound" if container.streams.audio else None,
        )
    stream = streams[0]
    codec = stream.codec_context.codec.canonical_name
    if codec not in VIDEO_CODECS:
        raise InputError(
            f"the pictures of {name} have an unknown coding",
            got=codec,
            expected=f"one of {', '.join(sorted(VIDEO_CODECS))}",
        )
    height, width = stream.height, stream.width
    if height * width > limits.max_pixels:
        raise InputError(
            f"{name} has too many pixels",
            got=f"{height:,} x {width:,} a frame",
            expected=f"at most {limits.max_pixels:,}",
            fix="scale the video down or raise the limit max_pixels",
        )
    if min(height, width) < limits.min_side:
        raise InputError(
            f"{name} is too small",
            got=f"{height} x {width} pixels",
            expected=f"at least {limits.min_side} pixels on each side",
        )
    if stream.frames > limits.max_frames:
        raise _too_many_frames(name, f"{stream.frames:,}", limits)
    if container.duration is not None and container.duration / 1e6 > limits.max_seconds + 1:
        raise _too_long(name, limits)
    return stream


def _sound_stream(container: "InputContainer", *, name: str) -> "AudioStream | None":
    if not container.streams.audio:
        return None
    stream = container.streams.audio[0]
    codec = stream.codec_context.codec.canonical_name
    if codec not in AUDIO_CODECS:
        raise InputError(
            f"the sound of {name} has an unknown coding",
            got=codec,
            expected=f"one of {', '.join(sorted(AUDIO_CODECS))}",
            fix="leave the sound out: with_sound=False",
        )
    return stream


def _timed(
    pictures: "list[Packet[Any]]",
    sounds: "list[Packet[Any]]",
    stream: "VideoStream",
    container: "InputContainer",
    name: str,
) -> Packets:
    """The packets with their time line. Raises ``InputError`` for no frame, or fewer than promised."""
    if not pictures:
        raise InputError(
            f"{name} has no frames",
            got="0 frames",
            expected="at least 1",
            fix="if it was cut off on its way, fetch it again",
        )
    step = float(1 / (stream.average_rate or stream.base_rate or Fraction(25)))
    has_times = all(packet.pts is not None for packet in pictures)
    times = sorted(
        seconds_of(packet.pts, packet.time_base) if has_times else place * step
        for place, packet in enumerate(pictures)
    )
    seconds = times[-1] - times[0] + step
    claimed = _claimed_seconds(stream, container, with_sound=bool(sounds))
    ends = [seconds, *(seconds_of(last.pts, last.time_base) - times[0] for last in sounds[-1:])]
    if len(pictures) < stream.frames * (1 - MISSING_SHARE) or max(ends) + 1 < claimed * (1 - MISSING_SHARE):
        raise InputError(
            f"{name} is cut off",
            got=f"{len(pictures)} frames, {seconds:.1f} s",
            expected=f"{stream.frames} frames" if stream.frames else f"{claimed:.1f} s, as its header says",
            fix="fetch it again, or write it anew with a shorter length",
        )
    return Packets(
        pictures=pictures,
        sounds=sounds,
        moments=tuple(time - times[0] for time in times),
        start=times[0],
        seconds=seconds,
        has_times=has_times,
        pixel_width=float(stream.sample_aspect_ratio or 1) or 1.0,
    )


def _claimed_seconds(stream: "VideoStream", container: "InputContainer", *, with_sound: bool) -> float:
    """The length that the headers promise of what was read; 0 where they do not say."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is None or (container.streams.audio and not with_sound):
        return 0.0  # the file's length may be that of a sound that was not read
    return container.duration / 1e6


def _too_many_frames(name: str, got: str, limits: VideoLimits) -> InputError:
    return InputError(
        f"{name} has too many frames",
        got=got,
        expected=f"at most {limits.max_frames:,}",
        fix="cut a part out of it or raise the limit max_frames",
    )


def _too_long(name: str, limits: VideoLimits) -> InputError:
    return InputError(
        f"{name} is too long",
        got=f"more than {limits.max_seconds:g} s",
        expected=f"at most {limits.max_seconds:g} s",
        fix="cut a part out of it or raise the limit max_seconds",
    )


_COVER = 0x0400
"""FFmpeg's mark of a stream that is a cover picture (``AV_DISPOSITION_ATTACHED_PIC``)."""


def import_av() -> ModuleType:
    """PyAV, told to keep quiet. Raises ``MissingExtraError`` without it."""
    try:
        import av
        from av import logging as av_logging
    except ImportError as error:
        raise MissingExtraError("av", extra="video") from error
    # Complaints of FFmpeg about odd files are told by our own errors.
    av_logging.set_level(None)
    return av
