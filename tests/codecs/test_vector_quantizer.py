import pytest
import torch

from unio.codecs import vector_quantizer
from unio.codecs.vector_quantizer import VectorQuantizer, nearest_codes
from unio.core import InputError


def make_quantizer(rows: list[list[float]], *, is_cosine: bool = False) -> VectorQuantizer:
    quantizer = VectorQuantizer(len(rows), len(rows[0]), is_cosine=is_cosine)
    with torch.no_grad():
        quantizer.embedding.weight.copy_(torch.tensor(rows))
    return quantizer


def test_nearest_row_wins():
    codebook = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    vectors = torch.tensor([[0.9, 0.1], [0.0, 0.4], [0.2, 0.8]])

    assert nearest_codes(vectors, codebook).tolist() == [1, 0, 2]


def test_ties_take_the_lowest_index():
    codebook = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    vectors = torch.tensor([[0.0, 0.0], [1.0, 0.0]])

    assert nearest_codes(vectors, codebook).tolist() == [0, 0]


def test_close_codes_far_from_the_origin_are_told_apart():
    codebook = torch.tensor([[1000.0, 1000.0], [1000.0, 1000.01]])
    vectors = torch.tensor([[1000.0, 1000.002], [1000.0, 1000.008]])

    assert nearest_codes(vectors, codebook).tolist() == [0, 1]


def test_slices_agree_with_the_whole(monkeypatch: pytest.MonkeyPatch):
    generator = torch.Generator().manual_seed(0)
    codebook = torch.randn(7, 3, generator=generator)
    vectors = torch.randn(11, 3, generator=generator)
    whole = nearest_codes(vectors, codebook)

    monkeypatch.setattr(vector_quantizer, "_DISTANCE_ELEMENTS", 14)  # two vectors at a time

    assert nearest_codes(vectors, codebook).tolist() == whole.tolist()


def test_gradient_passes_straight_through_to_the_vectors():
    quantizer = make_quantizer([[0.0, 0.0], [1.0, 1.0]])
    vectors = torch.tensor([[[0.8, 0.9], [0.1, -0.2]]], requires_grad=True)

    quantized = quantizer(vectors)
    (quantized.vectors * torch.tensor([2.0, 3.0])).sum().backward()

    assert quantized.codes.tolist() == [[1, 0]]
    assert quantized.vectors.tolist() == [[[1.0, 1.0], [0.0, 0.0]]]
    assert vectors.grad is not None
    assert vectors.grad.tolist() == [[[2.0, 3.0], [2.0, 3.0]]]
    assert quantizer.embedding.weight.grad is None


def test_each_loss_moves_only_its_side():
    quantizer = make_quantizer([[0.0, 0.0], [1.0, 1.0]])
    vectors = torch.tensor([[[1.0, 3.0]]], requires_grad=True)

    quantized = quantizer(vectors)
    assert quantized.codebook_loss.item() == quantized.commitment_loss.item() == 2.0

    quantized.codebook_loss.backward(retain_graph=True)
    assert vectors.grad is None
    assert quantizer.embedding.weight.grad is not None
    assert quantizer.embedding.weight.grad.tolist() == [[0.0, 0.0], [0.0, -2.0]]

    quantizer.embedding.weight.grad = None
    quantized.commitment_loss.backward()
    assert vectors.grad is not None
    assert vectors.grad.tolist() == [[[0.0, 2.0]]]
    assert quantizer.embedding.weight.grad is None


def test_cosine_codebook_compares_directions_and_decodes_unit_vectors():
    quantizer = make_quantizer([[0.1, 0.0], [3.0, 4.0]], is_cosine=True)

    assert quantizer.nearest(torch.tensor([[[9.0, 1.0], [0.5, 0.5]]])).tolist() == [[0, 1]]
    torch.testing.assert_close(
        quantizer.lookup(torch.tensor([[1, 0]])), torch.tensor([[[0.6, 0.8], [1.0, 0.0]]])
    )


def test_codes_do_not_depend_on_autocast():
    generator = torch.Generator().manual_seed(0)
    quantizer = make_quantizer(torch.randn(50, 4, generator=generator).tolist())
    vectors = torch.randn(2, 30, 4, generator=generator)

    with torch.autocast("cpu", torch.bfloat16):
        under_autocast = quantizer(vectors)

    assert under_autocast.codes.tolist() == quantizer.nearest(vectors).tolist()
    assert under_autocast.vectors.dtype == torch.float32


@pytest.mark.parametrize("code", [-1, 2])
def test_code_outside_the_codebook_is_refused(code: int):
    quantizer = make_quantizer([[0.0, 0.0], [1.0, 1.0]])

    with pytest.raises(InputError, match=r"a code lies outside the codebook: got codes .*; expected 0\.\.1"):
        quantizer.lookup(torch.tensor([[0, code]]))
