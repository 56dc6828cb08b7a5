import numpy as np
import pytest

from unio.core import InputError
from unio.data.sources.coco.masks import decode_mask, unpack_run_lengths


def pack(numbers):
    """COCO's packing by its description: differences from the fourth number on, five bits a letter."""
    letters = ""
    for at, number in enumerate(numbers):
        value = number - numbers[at - 2] if at > 2 else number
        while True:
            bits, value = value & 31, value >> 5
            done = value == (-1 if bits & 16 else 0)
            letters += chr(48 + (bits if done else bits | 32))
            if done:
                break
    return letters


def test_run_lengths_go_down_the_columns():
    mask = decode_mask({"size": [2, 3], "counts": [1, 2, 3]}, height=2, width=3)
    assert mask.tolist() == [[False, True, False], [True, False, False]]


@pytest.mark.parametrize("numbers", [[0, 4, 28], [5, 1, 900, 2, 31, 7, 33], [100000, 16, 15, 17, 3]])
def test_packed_counts_are_unpacked(numbers):
    assert unpack_run_lengths(pack(numbers)) == numbers
    assert unpack_run_lengths("04l0") == [0, 4, 28]


def test_polygons_fill_the_pixels_between_their_edges():
    mask = decode_mask([[1, 1, 4, 1, 4, 3, 1, 3]], height=5, width=6)
    assert mask[1:3, 1:4].all()
    assert not mask[0].any()
    assert not mask[:, 5].any()


@pytest.mark.parametrize(
    ("segmentation", "message"),
    [
        (7, "unknown kind of segmentation: got int"),
        ([[1, 2, 3]], "bad polygon"),
        ([["a", 1, 2, 3, 4, 5]], "bad polygon"),
        ({"counts": [3, 2]}, "run lengths do not fill the picture: got 5; expected 2 x 3"),
        ({"counts": [-1, 7]}, "bad run lengths"),
        ({"counts": "l"}, "packed mask breaks off"),
        ({"counts": "é"}, "packed mask has a wrong letter"),
    ],
)
def test_what_is_no_mask_is_told(segmentation, message):
    with pytest.raises(InputError, match=message):
        decode_mask(segmentation, height=2, width=3)


def test_masks_are_boolean():
    assert decode_mask([[0, 0, 3, 0, 3, 2]], height=2, width=3).dtype == np.bool_
