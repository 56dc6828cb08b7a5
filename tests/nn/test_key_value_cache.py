import torch
from torch import Tensor

from unio.nn import CacheClock, KeysValues, KeyValueCache

CPU = torch.device("cpu")


def entry(*rows: list[float]) -> KeysValues:
    """One head of width 1: each row's new keys; values are their negatives."""
    keys = torch.tensor(rows, dtype=torch.float32)[:, None, :, None]
    return KeysValues(keys=keys, values=-keys)


def make(rows: int) -> tuple[KeyValueCache, CacheClock]:
    cache = KeyValueCache(rows, num_heads=1, max_length=5, head_dim=1, device=CPU, dtype=torch.float32)
    return cache, CacheClock(rows, device=CPU)


def keys(found: KeysValues) -> list[list[float]]:
    assert torch.equal(found.keys, -found.values)
    return found.keys[:, 0, :, 0].tolist()


def mask(found: Tensor | None) -> list[list[list[int]]]:
    assert found is not None
    return found[:, 0].int().tolist()


def test_returns_all_that_was_written():
    cache, clock = make(2)
    assert cache.max_length == 5
    assert keys(cache.write(entry([1, 2], [5, 6]), clock=clock)) == [[1, 2], [5, 6]]
    clock.advance(2)
    assert keys(cache.write(entry([3], [7]), clock=clock)) == [[1, 2, 3], [5, 6, 7]]


def test_one_step_of_level_rows_needs_no_mask():
    _, clock = make(2)
    clock.advance(3)
    assert clock.mask(1) is None


def test_several_steps_are_causal_among_themselves():
    _, clock = make(1)
    clock.advance(1)
    assert mask(clock.mask(2)) == [[[1, 1, 0], [1, 1, 1]]]


def test_rewound_rows_continue_where_each_stands():
    cache, clock = make(2)
    cache.write(entry([1, 2, 3], [5, 6, 7]), clock=clock)
    clock.advance(3)
    clock.rewind(torch.tensor([3, 1]))
    assert not clock.is_uniform
    assert clock.positions(2).tolist() == [[3, 4], [1, 2]]
    assert mask(clock.mask(1)) == [[[1, 1, 1, 1]], [[1, 1, 0, 0]]]
    found = keys(cache.write(entry([4], [8]), clock=clock))
    assert found[0] == [1, 2, 3, 4]
    assert found[1][:2] == [5, 8]


def test_rewinding_all_alike_keeps_the_cheap_path():
    _, clock = make(2)
    clock.advance(4)
    clock.rewind(torch.tensor([2, 2]))
    assert (clock.is_uniform, clock.filled, clock.mask(1)) == (True, 2, None)


def test_rewind_never_moves_forward():
    _, clock = make(2)
    clock.advance(2)
    clock.rewind(torch.tensor([5, 1]))
    assert clock.lengths.tolist() == [2, 1]


def test_select_keeps_rows_in_the_order_given():
    cache, clock = make(3)
    cache.write(entry([1], [2], [3]), clock=clock)
    clock.advance(1)
    rows = torch.tensor([2, 0, 0])
    cache.select(rows)
    clock.select(rows)
    assert keys(cache.write(entry([7], [8], [9]), clock=clock)) == [[3, 7], [1, 8], [1, 9]]
    assert clock.lengths.tolist() == [1, 1, 1]
