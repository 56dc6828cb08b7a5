import torch

from unio.nn import CacheClock, KeysValues, KeyValueCache
from unio.nn.placed_cache import PlacedCache, visible_keys


def cache() -> KeyValueCache:
    return KeyValueCache(
        2, num_heads=3, max_length=6, head_dim=4, device=torch.device("cpu"), dtype=torch.float32
    )


def new(steps: int, *, value: float) -> KeysValues:
    return KeysValues(keys=torch.full((2, 3, steps, 4), value), values=torch.full((2, 3, steps, 4), -value))


def test_rows_are_written_at_their_own_places():
    own = cache()
    part = own.first(5)
    placed = PlacedCache(keys=part.keys, values=part.values, places=torch.tensor([[0, 1], [3, 4]]))
    found = placed.write(new(2, value=7.0))
    filled = torch.tensor([[7.0, 7, 0, 0, 0], [0, 0, 0, 7, 7]])
    assert torch.equal(found.keys[:, 1, :, 2], filled)
    assert torch.equal(found.values[:, 2, :, 0], -filled)


def test_writing_into_the_first_positions_is_writing_into_the_cache():
    own, clock = cache(), CacheClock(2, device=torch.device("cpu"))
    part = own.first(4)
    PlacedCache(keys=part.keys, values=part.values, places=torch.tensor([[0], [0]])).write(new(1, value=2.0))
    clock.advance(1)
    everything = own.write(new(1, value=5.0), clock=clock)
    assert everything.keys[0, 0, :, 0].tolist() == [2, 5]


def test_a_position_sees_itself_and_what_comes_before_it():
    mask = visible_keys(torch.tensor([[0, 1], [2, 3]]), room=4)
    assert mask.int().tolist() == [[[[1, 0, 0, 0], [1, 1, 0, 0]]], [[[1, 1, 1, 0], [1, 1, 1, 1]]]]
