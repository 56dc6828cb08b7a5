from typing import Any

import pytest
import torch
from torch import Tensor

from unio.codecs.training.codebook_keeper import CodebookConfig, CodebookKeeper
from unio.codecs.vector_quantizer import VectorQuantizer


def make_quantizer(rows: list[list[float]]) -> VectorQuantizer:
    quantizer = VectorQuantizer(len(rows), len(rows[0]), is_cosine=False)
    with torch.no_grad():
        quantizer.embedding.weight.copy_(torch.tensor(rows))
    return quantizer


def make_keeper(num_codes: int, **settings: Any) -> CodebookKeeper:
    return CodebookKeeper(num_codes, 2, config=CodebookConfig(**settings))


def step(keeper: CodebookKeeper, quantizer: VectorQuantizer, vectors: Tensor) -> int:
    return keeper.update(quantizer, vectors=vectors, codes=quantizer.nearest(vectors))


def test_first_codes_come_from_the_data():
    quantizer = make_quantizer([[0.0, 0.0], [0.0, 0.0]])
    vectors = torch.tensor([[[5.0, 1.0], [5.0, 1.0], [9.0, 3.0]]])

    make_keeper(2).initialise(quantizer, lambda: vectors)

    assert {tuple(row) for row in quantizer.embedding.weight.tolist()} <= {(5.0, 1.0), (9.0, 3.0)}


def test_only_the_step_after_the_bypass_starts_the_codebook():
    quantizer = make_quantizer([[0.0, 0.0], [1.0, 1.0]])
    keeper = make_keeper(2, bypass_steps=1)
    vectors = torch.tensor([[[5.0, 1.0], [9.0, 3.0]]])

    def refuse() -> Tensor:
        pytest.fail("nothing should be encoded")

    assert keeper.is_bypassing
    keeper.initialise(quantizer, refuse)
    step(keeper, quantizer, vectors)
    assert not keeper.is_bypassing
    keeper.initialise(quantizer, lambda: vectors)
    assert sorted(quantizer.embedding.weight.tolist()) == [[5.0, 1.0], [9.0, 3.0]]
    step(keeper, quantizer, vectors)
    keeper.initialise(quantizer, refuse)


def test_codes_that_are_taken_over_stay():
    quantizer = make_quantizer([[0.0, 0.0], [1.0, 1.0]])
    keeper = make_keeper(2, bypass_steps=3)
    keeper.take_over(quantizer)
    assert not keeper.is_bypassing
    keeper.initialise(quantizer, lambda: torch.ones(1, 2, 2))
    assert quantizer.embedding.weight.tolist() == [[0.0, 0.0], [1.0, 1.0]]


def test_idle_codes_are_revived_as_vectors_of_the_batch():
    quantizer = make_quantizer([[0.0, 0.0], [100.0, 100.0]])
    keeper = make_keeper(2, revive_after=2)
    vectors = torch.tensor([[[1.0, 2.0], [1.0, 2.0]]])

    assert step(keeper, quantizer, vectors) == 0
    assert step(keeper, quantizer, vectors) == 1
    assert quantizer.embedding.weight.tolist() == [[0.0, 0.0], [1.0, 2.0]]
    assert step(keeper, quantizer, vectors) == 0


def test_codes_in_use_are_left_alone():
    quantizer = make_quantizer([[0.0, 0.0], [4.0, 4.0]])
    keeper = make_keeper(2, revive_after=1)

    assert step(keeper, quantizer, torch.tensor([[[0.1, 0.0], [4.0, 4.1]]])) == 0
    assert quantizer.embedding.weight.tolist() == [[0.0, 0.0], [4.0, 4.0]]


def test_revival_can_be_switched_off():
    quantizer = make_quantizer([[0.0, 0.0], [100.0, 100.0]])
    keeper = make_keeper(2, revive_after=None)

    for _ in range(3):
        assert step(keeper, quantizer, torch.tensor([[[1.0, 2.0]]])) == 0


def test_moving_average_follows_the_vectors_of_each_code():
    quantizer = make_quantizer([[0.0, 0.0], [8.0, 8.0]])
    keeper = make_keeper(2, update="average", decay=0.5)
    keeper.mean_sums.copy_(quantizer.embedding.weight.detach())

    step(keeper, quantizer, torch.tensor([[[1.0, 0.0], [3.0, 0.0]]]))

    # Code 0: sums (0 + 4) / 2 over counts (1 + 2) / 2. Code 1 keeps its place: both halve.
    torch.testing.assert_close(quantizer.embedding.weight.data, torch.tensor([[4 / 3, 0.0], [8.0, 8.0]]))


def test_restored_state_continues_alike():
    vectors = torch.randn(1, 6, 2, generator=torch.Generator().manual_seed(0))
    rows = [[0.0, 0.0], [50.0, 0.0], [0.0, 50.0]]
    quantizer, other_quantizer = make_quantizer(rows), make_quantizer(rows)
    keeper, other = make_keeper(3, revive_after=2), make_keeper(3, revive_after=2)
    step(keeper, quantizer, vectors)

    other.load_state_dict(keeper.state_dict())
    step(keeper, quantizer, vectors)
    step(other, other_quantizer, vectors)

    assert quantizer.embedding.weight.tolist() == other_quantizer.embedding.weight.tolist()
    assert quantizer.embedding.weight.tolist() != rows
