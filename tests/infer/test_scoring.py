"""Option scores against the explicit cross-entropy of each (example, option) pair."""

import pytest
import torch
import torch.nn.functional as F

from unio.core import InputError
from unio.infer.scoring import score_options
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality

OPTIONS = [[5, 9, 1], [7, 1], [300, 4, 8, 12, 1]]


@pytest.mark.parametrize("rows_at_once", [1, 4, 64])
def test_scores_are_minus_the_mean_loss(model: UnifiedIO, memory: Memory, rows_at_once: int):
    scores = score_options(model, memory, OPTIONS, rows_at_once=rows_at_once)
    assert scores.shape == (3, 3)
    for row in range(3):
        for place, option in enumerate(OPTIONS):
            ids = torch.tensor([option])
            with torch.inference_mode():
                logits = model.logits(TargetModality.TEXT, ids, memory.select(torch.tensor([row])))
                loss = F.cross_entropy(logits[0], ids[0])
            assert scores[row, place].item() == pytest.approx(-loss.item(), abs=1e-4)


@pytest.mark.parametrize("options", [[], [[5, 1], []]])
def test_nothing_to_score(model: UnifiedIO, memory: Memory, options: list[list[int]]):
    with pytest.raises(InputError, match="nothing to score: got no option, or an empty one"):
        score_options(model, memory, options)
