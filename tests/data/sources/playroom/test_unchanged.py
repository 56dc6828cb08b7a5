"""The first world stays as it is: models are trained and judged on it, so no example changes unnoticed.

Changed once: descriptions of what is to be drawn now at times say where things are (docs/log.md).
"""

import hashlib
from typing import Any

import numpy as np
import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.schema import Example, Waveform

SPLITS = ("train", "test", "novel")
DIGESTS = {
    "image_from_text": "bfc7f81bcf58 184f511bf408 dd83e81be3ad",
    "image_from_segmentation": "65983ee693f7 194d344d87fc 113fd4fe2b9c",
    "image_edit": "dac0b50a5782 a764a3f872c9 ef1d0a053ae6",
    "next_frame": "19b0e315f7fd d710addbe246 bf6c2846df48",
    "audio_from_text": "77305b6fa149 8dc7c5e40490 f7bb93ff1a03",
    "caption": "135c7c2856c6 5ebc670d52da d17f5a856250",
    "vqa": "40deb2ed2c44 c3ead835b9ce a5facafac102",
    "tag": "42c1aa5970d2 8d6d6e69235e 219d25ee3542",
    "region_class": "cd47f4cf2bd8 c419fb3596af 8fcc9421ef9e",
    "detect": "10b2456c4471 8622dedcc0a3 08503ee461df",
    "refer": "8ba045326be6 81bfb512ab2b 1c66f4541360",
    "camera_pose": "2c664aefc9a4 3a212e46ba25 fff749d1878c",
    "segment": "ae130ed26531 207ce98f4735 2cff317a4048",
    "depth": "53d6f09680d1 a37cdc8a675d cec7568e09af",
    "normals": "8b7acf93d0e4 af4ceba339ba b25e1fc84904",
    "audio_tag": "0dcc4962f271 fc6707856986 c3fe9ba3ebe9",
    "audio_caption": "6eef77e14b60 f2d8417a5f65 2563c099d52e",
    "act": "16594b65923d 8978b2e83540 68ba18592782",
    "arithmetic": "f44b9f238a8d f44b9f238a8d f44b9f238a8d",
    "sort": "ed39074e10cd ed39074e10cd ed39074e10cd",
}


DECIMALS = 6
"""Processors differ in the last bits of sines, and physics carries them on; so far they agree."""


def plain(value: Any) -> str:
    """Any value of an example as text that changes with a bit of it, or with a number's sixth decimal."""
    if isinstance(value, float):
        return repr(round(value, DECIMALS) + 0.0)  # no minus zero
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            value = np.round(value, DECIMALS) + 0.0
        return (
            f"{value.dtype}{value.shape}{hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
        )
    if isinstance(value, Waveform):
        return plain(value.samples)
    if isinstance(value, dict):
        return repr([(key, plain(part)) for key, part in sorted(value.items())])
    if isinstance(value, (tuple, list)):
        return repr([plain(part) for part in value])
    return "" if callable(value) or hasattr(value, "hues") else repr(value)


def digest(example: Example) -> str:
    fields = ("prompt", "target_text", "image", "image_history", "audio", "target_image", "target_audio")
    parts = [plain(getattr(example, name)) for name in fields] + [plain(dict(example.truth))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@pytest.mark.parametrize("family", list(DIGESTS))
def test_a_family_of_the_first_world_gives_the_same_examples_as_ever(family: str) -> None:
    found = [digest(PlayroomSource(split=split).example(family, 3, 5)) for split in SPLITS]
    assert found == DIGESTS[family].split()
