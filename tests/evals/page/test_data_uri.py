import base64
import io

import numpy as np
import soundfile
from PIL import Image, ImageSequence

from unio.evals.page.data_uri import animation_uri, picture_uri, sound_uri
from unio.schema import Waveform

RED = np.full((3, 5, 3), (255, 0, 0), dtype=np.uint8)


def payload(uri: str, media_type: str) -> io.BytesIO:
    head, _, data = uri.partition(";base64,")
    assert head == f"data:{media_type}"
    return io.BytesIO(base64.b64decode(data))


def test_a_picture_comes_back_unchanged() -> None:
    np.testing.assert_array_equal(np.asarray(Image.open(payload(picture_uri(RED), "image/png"))), RED)


def test_an_animation_rests_on_its_last_frame() -> None:
    uri = animation_uri([RED, RED // 2], frames_per_second=10, rest=3)
    with Image.open(payload(uri, "image/webp")) as image:
        shown = 0
        for frame in ImageSequence.Iterator(image):
            frame.load()
            shown += frame.info["duration"]
    assert shown == 500


def test_a_sound_keeps_its_rate_and_is_clipped_not_wrapped() -> None:
    uri = sound_uri(Waveform(samples=np.array([0.0, 0.5, 2.0, -2.0], dtype=np.float32), rate=8000))
    samples, rate = soundfile.read(payload(uri, "audio/wav"))
    assert rate == 8000
    np.testing.assert_allclose(samples, [0.0, 0.5, 1.0, -1.0], atol=1e-4)
