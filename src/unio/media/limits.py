"""`MediaLimits`: what a user's pictures, sounds and videos may be, in one place."""

from pydantic import Field

from unio.core import Config
from unio.media.audio import AudioLimits
from unio.media.image import ImageLimits
from unio.media.video import VideoLimits

__all__ = ["MediaLimits"]


class MediaLimits(Config):
    """Limits of everything that is read for a request; reading stops at the first that is met.

    Example::

        MediaLimits(video=VideoLimits(max_frames=20_000, max_seconds=900))
    """

    image: ImageLimits = Field(default_factory=lambda: ImageLimits(), description="Limits of a picture.")
    audio: AudioLimits = Field(default_factory=lambda: AudioLimits(), description="Limits of a sound.")
    video: VideoLimits = Field(
        default_factory=lambda: VideoLimits(), description="Limits of a video, those of its sound included."
    )
