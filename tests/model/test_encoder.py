import pytest
import torch

from unio.model import UnifiedIO
from unio.nn import line_rotary


def test_is_bidirectional_and_blind_to_padding(model: UnifiedIO):
    hidden = torch.randn(1, 5, 24, generator=torch.Generator().manual_seed(1))
    mask = torch.tensor([[True, True, True, False, False]])
    rotary = line_rotary(torch.arange(5)[None], head_dim=12)
    reference = model.encoder(hidden, mask=mask, rotary=rotary)
    padding, last = hidden.clone(), hidden.clone()
    padding[0, 4] += 100
    last[0, 2] += 1
    torch.testing.assert_close(model.encoder(padding, mask=mask, rotary=rotary)[:, :3], reference[:, :3])
    assert not torch.allclose(model.encoder(last, mask=mask, rotary=rotary)[:, 0], reference[:, 0])


@pytest.mark.compiled
def test_compiles_without_graph_breaks(model: UnifiedIO):
    hidden, mask = torch.randn(2, 5, 24), torch.ones(2, 5, dtype=torch.bool)
    rotary = line_rotary(torch.arange(5).expand(2, -1), head_dim=12)
    whole = torch.compile(model.encoder, fullgraph=True, backend="eager")
    with torch.autocast("cpu", torch.bfloat16):
        found = whole(hidden.bfloat16(), mask=mask, rotary=rotary)
        expected = model.encoder(hidden.bfloat16(), mask=mask, rotary=rotary)
    torch.testing.assert_close(found, expected)
