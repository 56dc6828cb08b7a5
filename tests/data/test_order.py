import itertools

import pytest

from unio.data.order import ShardOrder, shuffled


@pytest.mark.parametrize("count", [1, 2, 3, 5, 16, 17, 100])
def test_a_round_visits_every_item_once(count):
    for start in (0, 3 * count):
        places = range(start, start + count)
        assert sorted(shuffled(index, count, seed=7) for index in places) == list(range(count))


def test_rounds_seeds_and_names_differ():
    def order(first, seed=0, name="a"):
        return [shuffled(index, 50, seed=seed, name=name) for index in range(first, first + 50)]

    assert order(0) == order(0)
    assert len({tuple(order(0)), tuple(order(50)), tuple(order(0, seed=1)), tuple(order(0, name="b"))}) == 4
    assert order(0) != sorted(order(0))


def test_shards_stay_together_and_every_item_comes_once():
    order = ShardOrder((4, 1, 6))
    for round_number in range(3):
        items = [order.item(round_number * 11 + place, seed=3) for place in range(11)]
        assert sorted(items) == list(range(11))
        shards = [0 if item < 4 else 1 if item < 5 else 2 for item in items]
        assert sum(first != second for first, second in itertools.pairwise(shards)) == 2
    rounds = {tuple(order.item(n * 11 + place, seed=3) for place in range(11)) for n in range(6)}
    assert len(rounds) == 6
