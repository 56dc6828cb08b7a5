import dataclasses

import numpy as np
import pytest
from playroom.furniture.boxes import box_mesh

from unio.core import InputError

BOX = box_mesh((1, 1, 1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"faces": np.array([[0, 1, 8]], np.int32), "parts": np.zeros(1, np.uint8)},
            "a corner that is not there",
        ),
        ({"faces": np.array([[-1, 1, 2]], np.int32), "parts": np.zeros(1, np.uint8)}, "a corner that is not"),
        ({"parts": np.full(12, 2, np.uint8)}, "a face has a colour that is not there: got 2; expected 2"),
        (
            {"faces": np.zeros((0, 3), np.int32), "parts": np.zeros(0, np.uint8)},
            "a mesh of no faces, or of too many: got 0",
        ),
        ({"colours": np.zeros((17, 3), np.uint8)}, "a mesh of too many colours: got 17; expected 16"),
        ({"vertices": np.full((8, 3), np.nan, np.float32)}, "a mesh has vertices nowhere"),
    ],
)
def test_a_mesh_that_cannot_be_is_told(changes, message):
    with pytest.raises(InputError, match=message):
        dataclasses.replace(BOX, **changes)
