"""The first world stays as it is: a model is trained and judged on it, so its examples never change."""

import hashlib
from typing import Any

import numpy as np
import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.schema import Example, Waveform

SPLITS = ("train", "test", "novel")
DIGESTS = {
    "image_from_text": "bfc7f81bcf58 184f511bf408 dd83e81be3ad",
    "image_from_segmentation": "8112af5ed649 bea4d07f138f 88d886acfe10",
    "image_edit": "dac0b50a5782 a764a3f872c9 ef1d0a053ae6",
    "next_frame": "19b0e315f7fd d710addbe246 bf6c2846df48",
    "audio_from_text": "f3959eed4fb2 90adac9a5122 22278668892c",
    "caption": "135c7c2856c6 5ebc670d52da d17f5a856250",
    "vqa": "40deb2ed2c44 c3ead835b9ce a5facafac102",
    "tag": "42c1aa5970d2 8d6d6e69235e 219d25ee3542",
    "region_class": "cd47f4cf2bd8 c419fb3596af 8fcc9421ef9e",
    "detect": "10b2456c4471 8622dedcc0a3 08503ee461df",
    "refer": "8ba045326be6 81bfb512ab2b 1c66f4541360",
    "camera_pose": "cca17ee2f147 b961a1142894 f40ed458e1b7",
    "segment": "ae130ed26531 207ce98f4735 2cff317a4048",
    "depth": "973ba3763dde 83f4f565a1b6 235465620918",
    "normals": "bea4fc1f9ba8 80b2728a4652 6b3cc046cbb0",
    "audio_tag": "7938b566c24a 9ebaef70c858 81d864b93dc9",
    "audio_caption": "40d7418571c7 a00972ffd135 0821c9a82db6",
    "act": "21efd1f3cbfb ae78ada80ddd a1043085d985",
    "arithmetic": "f44b9f238a8d f44b9f238a8d f44b9f238a8d",
    "sort": "ed39074e10cd ed39074e10cd ed39074e10cd",
}


def plain(value: Any) -> str:
    """Any value of an example as text that changes when a bit of it does."""
    if isinstance(value, np.ndarray):
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
