import pytest
import torch
from torch import Tensor

from unio.model import ModelConfig, random_model
from unio.model.dynamic_mask import DynamicMask, closed_slots, dynamic_mask
from unio.schema import Batch, TargetModality

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


SLOTS = 16
HIDDEN_CODES = (1, 3, 4, 9)


@torch.no_grad()
@pytest.mark.parametrize("form", ["keep_context", "reference", "none"])
def test_a_hidden_code_is_read_by_the_step_that_it_feeds_alone(
    tiny_config: ModelConfig, batch: Batch[Tensor], form: DynamicMask
) -> None:
    """Perturb one code after another and see whose logits move: in no layer is there a way around."""
    model = random_model(tiny_config.model_copy(update={"dynamic_mask": form}), seed=3).eval()
    memory = model.encode(batch).select(torch.tensor([0]))
    ids = torch.arange(2, 2 + SLOTS)[None]
    hidden = torch.zeros(1, SLOTS, dtype=torch.bool)
    hidden[0, list(HIDDEN_CODES)] = True
    before = model.logits(TargetModality.IMAGE, ids, memory, hidden=hidden)
    for code in range(SLOTS):
        changed = ids.clone()
        changed[0, code] = 20
        after = model.logits(TargetModality.IMAGE, changed, memory, hidden=hidden)
        moved = (after != before).any(dim=-1)[0].nonzero().flatten().tolist()
        assert moved == readers(code, form), code


def readers(code: int, form: DynamicMask) -> list[int]:
    """Slots that may see the code, the next one first; slot i holds code i - 1."""
    later = range(code + 1, SLOTS)
    if form == "none":
        return list(later)
    if code in HIDDEN_CODES:
        return list(later[:1])
    return [slot for slot in later if form == "keep_context" or slot - 1 not in HIDDEN_CODES]


@torch.no_grad()
@pytest.mark.parametrize("form", ["keep_context", "reference"])
def test_a_generated_picture_is_plainly_causal(
    tiny_config: ModelConfig, batch: Batch[Tensor], form: DynamicMask
) -> None:
    """[S] hides nothing: alone, and beside an [R] picture in the same batch."""
    model = random_model(tiny_config.model_copy(update={"dynamic_mask": form}), seed=3).eval()
    memory = model.encode(batch).select(torch.tensor([0, 1]))
    ids = torch.arange(2, 2 + SLOTS).expand(2, SLOTS)
    plain = model.logits(TargetModality.IMAGE, ids, memory)
    hidden = torch.zeros(2, SLOTS, dtype=torch.bool)
    torch.testing.assert_close(model.logits(TargetModality.IMAGE, ids, memory, hidden=hidden), plain)
    hidden[1, list(HIDDEN_CODES)] = True
    beside = model.logits(TargetModality.IMAGE, ids, memory, hidden=hidden)
    torch.testing.assert_close(beside[0], plain[0])
    assert not torch.allclose(beside[1], plain[1])
