import pytest
import torch

from unio.model.dynamic_mask import DynamicMask, closed_slots, dynamic_mask

HIDDEN = torch.tensor([[False, True, False, True, False, False]])


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("keep_context", [{0}, {0, 1}, {0, 1, 2}, {0, 1, 3}, {0, 1, 3, 4}, {0, 1, 3, 5}]),
        ("reference", [{0}, {0, 1}, {2}, {0, 1, 3}, {4}, {0, 1, 3, 5}]),
        ("none", [{0}, {0, 1}, {0, 1, 2}, {0, 1, 2, 3}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 4, 5}]),
    ],
)
def test_what_each_slot_sees(form: DynamicMask, expected: list[set[int]]) -> None:
    mask = dynamic_mask(closed_slots(HIDDEN), form=form)[0, 0]
    assert [set(row.nonzero().flatten().tolist()) for row in mask] == expected
