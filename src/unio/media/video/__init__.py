"""Videos: reading within limits, five moments of them, their sound in step (spec section 5, "Video")."""

from unio.media.video.container import VideoLimits
from unio.media.video.loading import Video, load_video
from unio.media.video.pieces import sound_pieces

__all__ = ["Video", "VideoLimits", "load_video", "sound_pieces"]
