import torch
import torch.nn.functional as F

from unio.nn import GatedMLP


def test_gate_passes_through_silu_and_multiplies_up():
    mlp = GatedMLP(1, mlp_dim=2)
    mlp.gate.weight.data = torch.tensor([[1.0], [-1.0]])
    mlp.up.weight.data = torch.tensor([[3.0], [5.0]])
    mlp.down.weight.data = torch.tensor([[1.0, 1.0]])
    two = torch.tensor(2.0)
    torch.testing.assert_close(mlp(torch.tensor([[2.0]])), (F.silu(two) * 6 + F.silu(-two) * 10).view(1, 1))


def test_has_no_biases():
    assert [name for name, _ in GatedMLP(2, mlp_dim=3).named_parameters()] == [
        "gate.weight",
        "up.weight",
        "down.weight",
    ]
