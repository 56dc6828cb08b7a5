import torch
import torch.nn.functional as F

from unio.model import LocationSmoothing

SMOOTHING = LocationSmoothing(start=3, end=9, width=1.0)


def test_it_is_soft_minus_hard_cross_entropy():
    logits = torch.randn(2, 5, 11, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ids = torch.tensor([[3, 4, 5, 6, 7], [8, 5, 4, 3, 8]])
    target = torch.zeros_like(logits)
    for row, line in enumerate(ids.tolist()):
        for place, true in enumerate(line):
            for other in range(max(3, true - 3), min(9, true + 4)):
                target[row, place, other] = torch.tensor(-0.5 * (other - true) ** 2).exp()
    target /= target.sum(-1, keepdim=True)
    soft = -(target * logits.log_softmax(-1)).sum(-1)
    hard = F.cross_entropy(logits.flatten(0, 1), ids.flatten(), reduction="none").view(2, 5)
    torch.testing.assert_close(SMOOTHING.surplus(logits, ids), soft - hard)


def test_words_are_left_alone_beside_locations():
    logits = torch.randn(1, 3, 11)
    surplus = SMOOTHING.surplus(logits, torch.tensor([[2, 9, 0]]))
    assert surplus.tolist() == [[0, 0, 0]]


def test_a_narrow_bell_is_the_bin_itself():
    logits = torch.randn(1, 2, 11)
    narrow = LocationSmoothing(start=3, end=9, width=0.05)
    torch.testing.assert_close(narrow.surplus(logits, torch.tensor([[4, 8]])), torch.zeros(1, 2))


def test_the_gradient_favours_neighbours_over_strangers():
    logits = torch.zeros(1, 1, 11, requires_grad=True)
    ids = torch.tensor([[5]])
    (F.cross_entropy(logits[0], ids[0]) + SMOOTHING.surplus(logits, ids).sum()).backward()
    assert logits.grad is not None
    gradient = logits.grad[0, 0]
    assert gradient[5] < gradient[4] < gradient[8]
    assert gradient[8] < gradient[0]
