import pytest
import torch
from torch import Tensor

from unio.model import UnifiedIO
from unio.schema import Batch, TargetModality


def test_is_plainly_causal(model: UnifiedIO, batch: Batch[Tensor]):
    # Trap 1 of spec section 13: no sparse and no dynamic mask, every earlier token is seen.
    memory = model.encode(batch).select(torch.tensor([1]))
    ids = batch.targets[TargetModality.IMAGE].ids
    assert ids is not None
    reference = model.logits(TargetModality.IMAGE, ids, memory)
    for place in range(ids.shape[1] - 1):
        changed = ids.clone()
        changed[0, place] = 2 + (changed[0, place] - 1) % 20
        found = model.logits(TargetModality.IMAGE, changed, memory)
        assert torch.equal(found[:, : place + 1], reference[:, : place + 1])
        differs = (found[0, place + 1 :] != reference[0, place + 1 :]).any(dim=-1)
        assert differs.all(), f"a later slot does not see slot {place + 1}"


@pytest.mark.compiled
def test_compiles_without_graph_breaks(model: UnifiedIO, batch: Batch[Tensor]):
    memory = model.encode(batch)
    hidden = torch.randn(3, 6, 24)
    arguments = {
        "rotary": model.target_embedders["text"].rotary(6, device=hidden.device),
        "memory": memory.hidden,
        "memory_mask": memory.mask,
        "memory_rotary": memory.rotary,
    }
    whole = torch.compile(model.decoder, fullgraph=True, backend="eager")
    torch.testing.assert_close(whole(hidden, **arguments), model.decoder(hidden, **arguments))
