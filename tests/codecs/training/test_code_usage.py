import pytest
import torch

from unio.codecs.training.code_usage import CodeUsage


def test_share_and_perplexity():
    usage = CodeUsage(8)

    usage.update(torch.tensor([[0, 0], [1, 1]]))
    usage.update(torch.tensor([2, 2]))

    assert usage.share == pytest.approx(3 / 8)
    assert usage.perplexity == pytest.approx(3.0)


def test_uneven_use_lowers_the_perplexity():
    usage = CodeUsage(2)

    usage.update(torch.tensor([0, 0, 0, 1]))

    assert usage.share == 1.0
    assert usage.perplexity == pytest.approx(4 / 27**0.25)  # exp(-(3/4 log 3/4 + 1/4 log 1/4))


def test_nothing_counted():
    usage = CodeUsage(4)
    usage.update(torch.tensor([3]))

    usage.reset()

    assert (usage.share, usage.perplexity) == (0.0, 0.0)
