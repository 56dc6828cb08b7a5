"""Speculative Jacobi decoding: its parts by hand, its distribution by chi-square on the real tiny model."""

import math
from collections import Counter

import pytest
import torch
from torch import Tensor

from unio.infer import jacobi
from unio.infer.decoding import SeededSampler, decode
from unio.infer.grammar import codes
from unio.infer.jacobi import decode_jacobi, draw, leading_accepted, residual
from unio.model import Memory, UnifiedIO
from unio.schema import DecodingOptions, TargetModality

IMAGE, AUDIO = TargetModality.IMAGE, TargetModality.AUDIO


def test_drafts_stand_up_to_the_first_that_falls():
    p = torch.tensor([[[0.5, 0.5], [0.1, 0.9], [0.5, 0.5]]])
    q = torch.tensor([[[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]])
    drafts = torch.tensor([[0, 0, 1]])
    assert leading_accepted(p, q, drafts, units=torch.tensor([[0.99, 0.19, 0.5]])).tolist() == [3]
    assert leading_accepted(p, q, drafts, units=torch.tensor([[0.99, 0.21, 0.5]])).tolist() == [1]


def test_a_fallen_draft_is_replaced_from_what_was_proposed_too_little():
    p, q = torch.tensor([[0.6, 0.3, 0.1]]), torch.tensor([[0.2, 0.3, 0.5]])
    torch.testing.assert_close(residual(p, q), torch.tensor([[0.4, 0.0, 0.0]]))
    assert torch.equal(residual(p, p), p)


def test_draws_are_in_proportion_and_never_of_weight_0():
    weights = torch.tensor([[0.0, 2.0, 0.0, 6.0, 0.0]])
    units = torch.tensor([[1e-7, 0.24, 0.26, 1 - 2**-24]])
    assert draw(weights.expand(4, -1), units[0]).tolist() == [1, 1, 3, 3]


def sequences(model: UnifiedIO, memory: Memory, *, length: int, count: int) -> Counter[tuple[int, ...]]:
    options = [DecodingOptions(seed=seed) for seed in range(count)]
    rows = memory.select(torch.zeros(count, dtype=torch.long))
    allowed = codes(3, vocab=model.config.image_vocab_rows).tokens
    found = decode_jacobi(model, IMAGE, rows, length=length, allowed=allowed, options=options, window=3)
    return Counter(tuple(row) for row in found.decoded.ids.tolist())


def exact(model: UnifiedIO, memory: Memory, *, length: int) -> dict[tuple[int, ...], float]:
    """The probability of every sequence of three codes, by teacher forcing."""
    grid = torch.cartesian_prod(*[torch.arange(2, 5)] * length)
    rows = memory.select(torch.zeros(len(grid), dtype=torch.long))
    with torch.inference_mode():
        logits = model.logits(IMAGE, grid, rows)[..., 2:5]
    chosen = torch.log_softmax(logits, dim=-1).gather(-1, (grid - 2).unsqueeze(-1)).squeeze(-1)
    return {
        tuple(ids.tolist()): math.exp(float(total)) for ids, total in zip(grid, chosen.sum(1), strict=True)
    }


def surprise(model: UnifiedIO, memory: Memory) -> tuple[float, int]:
    """Chi-square of 4000 sequences against their exact probabilities, and its degrees of freedom."""
    count, length = 4000, 4
    expected = exact(model, memory, length=length)
    found = sequences(model, memory, length=length, count=count)
    usual = {ids: share * count for ids, share in expected.items() if share * count >= 5}
    rare = count - sum(usual.values())
    statistic = sum((found[ids] - wanted) ** 2 / wanted for ids, wanted in usual.items())
    statistic += (count - sum(found[ids] for ids in usual) - rare) ** 2 / rare
    return statistic, len(usual)


def test_the_distribution_is_that_of_the_model(model: UnifiedIO, memory: Memory):
    """A statistic has the mean ``freedom`` and the spread sqrt(2 freedom): four of them hold 99.9 %."""
    statistic, freedom = surprise(model, memory)
    assert freedom >= 10
    assert statistic < freedom + 4 * math.sqrt(2 * freedom)


def test_the_distribution_test_sees_a_wrong_replacement(
    model: UnifiedIO, memory: Memory, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(jacobi, "residual", lambda probabilities, _: probabilities)
    statistic, freedom = surprise(model, memory)
    assert statistic > freedom + 20 * math.sqrt(2 * freedom)


@pytest.mark.parametrize(("modality", "guidance"), [(IMAGE, 0.0), (AUDIO, 0.0), (IMAGE, 3.0)])
def test_greedy_codes_are_those_of_one_by_one(
    model: UnifiedIO, memory: Memory, modality: TargetModality, guidance: float
):
    grammar = codes(9, vocab=model.config.vocab_rows(modality))
    rows = memory.select(torch.tensor([0, 1, 2, 2])) if guidance else memory
    options = [DecodingOptions(temperature=0, guidance=guidance)] * (2 if guidance else 3)
    wanted = decode(
        model, modality, rows, length=12, grammar=grammar, choose=SeededSampler.of(options), guidance=guidance
    )
    found = decode_jacobi(model, modality, rows, length=12, allowed=grammar.tokens, options=options, window=4)
    assert torch.equal(found.decoded.ids, wanted.ids)
    torch.testing.assert_close(found.decoded.log_probability, wanted.log_probability, atol=1e-4, rtol=0)
    assert found.steps <= 12


def test_same_seed_same_codes_whatever_the_batch(model: UnifiedIO, memory: Memory):
    allowed = codes(20, vocab=model.config.image_vocab_rows).tokens

    def draw_rows(rows: list[int], seeds: list[int]) -> Tensor:
        options = [DecodingOptions(seed=seed, top_p=0.9) for seed in seeds]
        chosen = memory.select(torch.tensor(rows))
        return decode_jacobi(
            model, IMAGE, chosen, length=10, allowed=allowed, options=options, window=4
        ).decoded.ids

    together = draw_rows([0, 1, 2], [4, 5, 6])
    assert torch.equal(together, draw_rows([0, 1, 2], [4, 5, 6]))
    assert torch.equal(together[1:2], draw_rows([1], [5]))
    assert not torch.equal(together, draw_rows([0, 1, 2], [7, 8, 9]))
