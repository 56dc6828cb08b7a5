"""Sampling arithmetic on literal logits."""

import pytest
import torch

from unio.infer.sampling import (
    forbid,
    guide,
    gumbel_noise,
    keep_top_k,
    keep_top_p,
    request_keys,
    sample,
    token_log_probability,
)

INFINITE = float("-inf")
HALF_THIRD_FIFTH = torch.log(torch.tensor([[0.3, 0.5, 0.2]]))


def test_forbid_with_one_mask_for_all_rows_and_with_one_a_row():
    logits = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    shared = forbid(logits, torch.tensor([[True, False, True]]))
    assert shared.tolist() == [[1.0, INFINITE, 3.0], [4.0, INFINITE, 6.0]]
    own = forbid(logits, torch.tensor([[True, False, False], [False, False, True]]))
    assert own.tolist() == [[1.0, INFINITE, INFINITE], [INFINITE, INFINITE, 6.0]]


def test_guide_is_literally_the_formula():
    conditional = torch.log(torch.tensor([[0.5, 0.25, 0.25]])) + 7.0  # logits need no normalisation
    unconditional = torch.log(torch.tensor([[0.25, 0.25, 0.5]])) - 3.0
    # (1 + 2) log p - 2 log q = log(p^3 / q^2)
    expected = torch.log(torch.tensor([[0.125 / 0.0625, 0.015625 / 0.0625, 0.015625 / 0.25]]))
    torch.testing.assert_close(guide(conditional, unconditional, guidance=2.0), expected)


def test_guide_without_guidance_keeps_the_distribution():
    logits = torch.tensor([[0.5, -1.0, 2.0]])
    torch.testing.assert_close(
        guide(logits, torch.randn(1, 3), guidance=0.0), torch.log_softmax(logits, dim=-1)
    )


def test_keep_top_k():
    logits = torch.tensor([[1.0, 4.0, 3.0, 2.0]])
    assert keep_top_k(logits, 2).tolist() == [[INFINITE, 4.0, 3.0, INFINITE]]
    assert keep_top_k(logits, 9).tolist() == logits.tolist()


@pytest.mark.parametrize(
    ("mass", "kept"),
    [
        (1.0, [True, True, True]),
        (0.9, [True, True, True]),
        (0.7, [True, True, False]),
        (0.4, [False, True, False]),
        (1e-9, [False, True, False]),
    ],
)
def test_keep_top_p(mass: float, kept: list[bool]):
    assert torch.isfinite(keep_top_p(HALF_THIRD_FIFTH, mass))[0].tolist() == kept


def test_keep_top_p_never_revives_a_forbidden_token():
    logits = torch.tensor([[INFINITE, 1.0, INFINITE, 0.5]])
    assert torch.isfinite(keep_top_p(logits, 0.999))[0].tolist() == [False, True, False, True]


def test_keep_top_p_of_equal_logits_takes_the_first():
    logits = torch.tensor([[1.0, 2.0, 2.0, 2.0], [2.0, 1.0, 2.0, 3.0]])
    kept = [[False, True, True, False], [True, False, False, True]]
    assert torch.isfinite(keep_top_p(logits, 0.6)).tolist() == [[False, True, True, True], kept[1]]
    assert torch.isfinite(keep_top_p(logits, 0.55)).tolist() == kept


def test_keep_top_p_is_the_same_in_double_precision():
    logits = torch.randn(3, 700, generator=torch.Generator().manual_seed(2)) * 3
    wide = torch.isfinite(keep_top_p(logits.double(), 0.9))
    assert torch.equal(torch.isfinite(keep_top_p(logits, 0.9)), wide)


def test_noise_depends_on_seed_step_and_token_alone():
    together = gumbel_noise(request_keys([3, 5, 8]), step=2, vocab=7)
    alone = gumbel_noise(request_keys([5]), step=2, vocab=5)
    assert torch.equal(together[1, :5], alone[0])
    assert not torch.equal(together[0], together[1])
    assert not torch.equal(together, gumbel_noise(request_keys([3, 5, 8]), step=3, vocab=7))


def test_seeds_beyond_32_bits_and_below_zero_differ():
    noise = gumbel_noise(request_keys([1, 1 + 2**32, -1]), step=0, vocab=5)
    assert len({tuple(row) for row in noise.tolist()}) == 3


def test_noise_is_finite_gumbel_noise():
    noise = gumbel_noise(request_keys(list(range(200))), step=1, vocab=1000)
    assert torch.isfinite(noise).all()
    assert noise.mean().item() == pytest.approx(0.5772, abs=0.01)  # Euler's constant
    assert noise.var().item() == pytest.approx(1.6449, abs=0.03)  # pi^2 / 6
    neighbours = torch.corrcoef(torch.stack([noise[:-1].flatten(), noise[1:].flatten()]))
    assert abs(neighbours[0, 1].item()) < 0.01


def test_samples_follow_the_softmax():
    rows = 20000
    ids = sample(HALF_THIRD_FIFTH.expand(rows, 3), request_keys(list(range(rows))), step=4)
    shares = torch.bincount(ids, minlength=3) / rows
    torch.testing.assert_close(shares, torch.tensor([0.3, 0.5, 0.2]), atol=0.015, rtol=0)


def test_temperature_zero_and_top_k_one_take_the_best():
    logits = torch.tensor([[0.1, 0.3, 0.2]]).expand(50, 3)
    keys = request_keys(list(range(50)))
    assert sample(logits, keys, step=0, temperature=0).unique().tolist() == [1]
    assert sample(logits, keys, step=0, top_k=1).unique().tolist() == [1]


def test_top_p_of_a_sample_never_leaves_the_nucleus():
    ids = sample(HALF_THIRD_FIFTH.expand(300, 3), request_keys(list(range(300))), step=0, top_p=0.6)
    assert ids.unique().tolist() == [0, 1]


def test_low_temperature_sharpens():
    keys = request_keys(list(range(500)))
    warm = sample(HALF_THIRD_FIFTH.expand(500, 3), keys, step=0, temperature=2.0)
    cold = sample(HALF_THIRD_FIFTH.expand(500, 3), keys, step=0, temperature=0.2)
    assert (cold == 1).sum() > (warm == 1).sum() + 100


def test_token_log_probability():
    ids = torch.tensor([1])
    assert token_log_probability(HALF_THIRD_FIFTH + 4.0, ids).exp().item() == pytest.approx(0.5)
