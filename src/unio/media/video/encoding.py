"""Writing a video: pictures of one size as an MP4 that any player shows."""

import io
from collections.abc import Sequence
from typing import Any

from unio.core import InputError
from unio.media.video.container import import_av
from unio.schema import Picture

__all__ = ["encode_video"]

QUALITY = "12"
"""x264's constant rate factor: hardly a loss to see, and a tenth of the PNG files' size."""

KEY_FRAME_EVERY = 2
"""As LeRobot does: any frame is at most one other away from a picture that stands alone."""


def encode_video(pictures: Sequence[Picture], *, frames_per_second: int) -> bytes:
    """H.264 in MP4, 4:2:0. Sides must be even.

    Raises ``InputError`` for no pictures, pictures of several sizes or of odd sides, ``MissingExtraError``
    without PyAV.
    """
    sizes = {picture.shape[:2] for picture in pictures}
    if len(sizes) != 1 or any(side % 2 for side in next(iter(sizes))):
        raise InputError(
            "cannot make a video of these pictures",
            got=", ".join(f"{height} x {width}" for height, width in sorted(sizes)) or "no pictures",
            expected="pictures of one size with even sides",
        )
    av: Any = import_av()
    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=frames_per_second)
        stream.height, stream.width = next(iter(sizes))
        stream.pix_fmt = "yuv420p"
        stream.gop_size = KEY_FRAME_EVERY
        stream.options = {"crf": QUALITY, "bf": "0", "threads": "1"}
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return content.getvalue()
