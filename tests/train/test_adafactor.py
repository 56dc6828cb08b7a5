import math

import pytest
import torch
from torch import nn

from unio.train.adafactor import Adafactor, decay_of_step, is_factored


def stepped(start: list[list[float]], gradients: list[torch.Tensor], **settings: float) -> torch.Tensor:
    parameter = nn.Parameter(torch.tensor(start))
    optimiser = Adafactor([parameter], **{"lr": 0.1, **settings})
    for gradient in gradients:
        parameter.grad = gradient
        optimiser.step()
    return parameter.detach()


def test_the_first_step_is_a_tenth_of_the_parameters_size_without_momentum() -> None:
    # decay is 0 at step 1: the gradient over its own root mean square is its sign
    after = stepped([[3.0, -4.0]], [torch.tensor([[2.0, -0.5]])], beta1=0.0)
    size = math.sqrt((9 + 16) / 2)
    assert after.tolist()[0] == pytest.approx([3 - 0.1 * size, -4 + 0.1 * size], rel=1e-5)


def test_momentum_takes_a_tenth_of_the_first_update() -> None:
    whole = stepped([[3.0, -4.0]], [torch.ones(1, 2)], beta1=0.0)
    tenth = stepped([[3.0, -4.0]], [torch.ones(1, 2)], beta1=0.9)
    start = torch.tensor([[3.0, -4.0]])
    torch.testing.assert_close(tenth - start, 0.1 * (whole - start), rtol=1e-4, atol=1e-6)


def test_a_parameter_of_zeros_moves_by_the_least_scale() -> None:
    after = stepped([[0.0, 0.0]], [torch.ones(1, 2)], beta1=0.0)
    assert after.tolist()[0] == pytest.approx([-1e-4, -1e-4], rel=1e-5)


def test_an_update_is_clipped_to_a_root_mean_square_of_one() -> None:
    # a gradient 100 times the last one's: unclipped it would be larger than 1 after the running mean
    small, large = torch.full((1, 2), 0.01), torch.full((1, 2), 1.0)
    before = stepped([[1.0, 1.0]], [small], beta1=0.0)
    after = stepped([[1.0, 1.0]], [small, large], beta1=0.0)
    assert (before - after).square().mean().sqrt().item() <= 0.1 * 1.0 + 1e-6


def test_factored_means_rebuild_a_product_of_rows_and_columns_exactly() -> None:
    rows, columns = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 1.0, 0.5])
    gradient = rows[:, None] * columns
    start = [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    factored = stepped(start, [gradient], beta1=0.0, factored_from=2)
    whole = stepped(start, [gradient], beta1=0.0, factored_from=4)
    torch.testing.assert_close(factored, whole)


def test_factored_state_is_rows_and_columns() -> None:
    parameter = nn.Parameter(torch.ones(2, 3))
    optimiser = Adafactor([parameter], lr=0.1, factored_from=2)
    parameter.grad = torch.ones(2, 3)
    optimiser.step()
    shapes = {name: tuple(value.shape) for name, value in optimiser.state[parameter].items()}
    assert shapes == {"step": (), "rows": (2,), "columns": (3,), "mean": (2, 3)}


def test_the_decay_of_the_mean_squares() -> None:
    assert decay_of_step(1, exponent=0.8) == 0.0
    assert decay_of_step(32, exponent=0.8) == pytest.approx(1 - 1 / 16)


def test_both_sides_must_be_long_to_be_factored() -> None:
    assert is_factored((128, 200), least=128)
    assert not is_factored((127, 200), least=128)
    assert not is_factored((128,), least=128)
