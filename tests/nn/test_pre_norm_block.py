import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from unio.nn.pre_norm_block import Activation, PreNormBlock


def make_block(*, activation: Activation = "relu", bias: bool = True, seed: int = 0) -> PreNormBlock:
    torch.manual_seed(seed)
    return PreNormBlock(
        6,
        num_heads=2,
        head_dim=5,
        mlp_dim=8,
        activation=activation,
        attention_bias=bias,
        mlp_bias=bias,
        norm_epsilon=1e-6,
    )


def random_input(batch: int = 2, length: int = 3) -> Tensor:
    return torch.randn(batch, length, 6, generator=torch.Generator().manual_seed(1))


def test_parameters_have_the_agreed_names_and_shapes():
    shapes = {name: tuple(value.shape) for name, value in make_block().named_parameters()}

    assert shapes == {
        "norm_1.weight": (6,),
        "norm_1.bias": (6,),
        "attention.query.weight": (10, 6),
        "attention.query.bias": (10,),
        "attention.key.weight": (10, 6),
        "attention.key.bias": (10,),
        "attention.value.weight": (10, 6),
        "attention.value.bias": (10,),
        "attention.out.weight": (6, 10),
        "attention.out.bias": (6,),
        "norm_2.weight": (6,),
        "norm_2.bias": (6,),
        "mlp.up.weight": (8, 6),
        "mlp.up.bias": (8,),
        "mlp.down.weight": (6, 8),
        "mlp.down.bias": (6,),
    }


def test_biases_can_be_left_out():
    names = {name for name, _ in make_block(bias=False).named_parameters() if name.endswith("bias")}

    assert names == {"norm_1.bias", "norm_2.bias"}


def test_output_equals_the_formula_written_out():
    block = make_block(activation="gelu_tanh")
    x = random_input(batch=1)

    normed = F.layer_norm(x, (6,), block.norm_1.weight, block.norm_1.bias, eps=1e-6)
    heads = []
    for head in range(2):
        rows = slice(5 * head, 5 * head + 5)
        query, key, value = (
            layer(normed)[..., rows]
            for layer in (block.attention.query, block.attention.key, block.attention.value)
        )
        weights = torch.softmax(query @ key.transpose(1, 2) / 5**0.5, dim=-1)
        heads.append(weights @ value)
    middle = x + block.attention.out(torch.cat(heads, dim=-1))
    normed = F.layer_norm(middle, (6,), block.norm_2.weight, block.norm_2.bias, eps=1e-6)
    expected = middle + block.mlp.down(F.gelu(block.mlp.up(normed), approximate="tanh"))

    torch.testing.assert_close(block(x), expected)


@pytest.mark.parametrize(
    ("activation", "expected"),
    [("relu", [0.0, 1.0]), ("gelu", [-0.158655, 0.841345]), ("gelu_tanh", [-0.158808, 0.841192])],
)
def test_activations_at_minus_and_plus_one(activation: Activation, expected: list[float]):
    block = make_block(activation=activation)
    with torch.no_grad():
        block.mlp.up.weight.copy_(torch.eye(8, 6))
        block.mlp.up.bias.zero_()
        block.mlp.down.weight.copy_(torch.eye(6, 8))
        block.mlp.down.bias.zero_()

    out = block.mlp(torch.tensor([[[-1.0, 1.0, 0.0, 0.0, 0.0, 0.0]]]))

    torch.testing.assert_close(out[0, 0, :2], torch.tensor(expected), atol=1e-6, rtol=0)


def test_masked_keys_change_nothing():
    block = make_block()
    x = random_input()
    changed = x.clone()
    changed[:, 2] = 9.0
    key_mask = torch.tensor([[True, True, False], [True, True, False]])

    torch.testing.assert_close(block(x, key_mask=key_mask)[:, :2], block(changed, key_mask=key_mask)[:, :2])
    torch.testing.assert_close(block(x, key_mask=key_mask)[:, :2], block(x[:, :2]))
