import math

import torch

from unio.nn import grid_rotary, line_rotary, rotate


def test_line_frequencies_fall_with_the_pair():
    table = line_rotary(torch.tensor([0, 3]), head_dim=4)
    angles = [3.0, 3.0 * 10000 ** (-2 / 4)]
    expected = [[[1.0, 1.0], [0.0, 0.0]], [list(map(math.cos, angles)), list(map(math.sin, angles))]]
    torch.testing.assert_close(table, torch.tensor(expected))


def test_grid_gives_rows_the_first_half_and_columns_the_second():
    # Position 7 of a grid of 5 columns is row 1, column 2; each half of 4 has frequencies 1 and 0.01.
    table = grid_rotary(torch.tensor([7]), columns=5, head_dim=8)
    angles = torch.tensor([1.0, 0.01, 2.0, 0.02])
    torch.testing.assert_close(table, torch.stack([angles.cos(), angles.sin()])[None])


def test_multiplier_stretches_both_coordinates():
    table = grid_rotary(torch.tensor([7]), columns=5, head_dim=4, multiplier=1.5)
    angles = torch.tensor([1.5, 3.0])
    torch.testing.assert_close(table, torch.stack([angles.cos(), angles.sin()])[None])


def test_rotate_turns_interleaved_pairs():
    x = torch.tensor([1.0, 0.0, 0.0, 2.0]).view(1, 1, 1, 4)
    quarter = torch.tensor([[0.0, 0.0], [1.0, 1.0]]).view(1, 1, 2, 2)
    assert rotate(x, quarter).flatten().tolist() == [0.0, 1.0, -2.0, 0.0]


def test_products_depend_on_distance_alone():
    generator = torch.Generator().manual_seed(0)
    query, key = torch.randn(2, 1, 1, 1, 8, generator=generator)

    def product(at: int, of: int) -> torch.Tensor:
        tables = [line_rotary(torch.tensor([[place]]), head_dim=8) for place in (at, of)]
        return (rotate(query, tables[0]) * rotate(key, tables[1])).sum()

    torch.testing.assert_close(product(3, 1), product(12, 10))


def test_keeps_the_dtype_of_the_activations():
    table = line_rotary(torch.arange(3)[None], head_dim=4)
    assert rotate(torch.ones(2, 5, 3, 4, dtype=torch.bfloat16), table).dtype == torch.bfloat16
