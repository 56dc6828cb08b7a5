import pytest
import torch

from unio.core import InputError
from unio.model.assembly import assemble
from unio.model.input_embedders import EmbeddedStream


def embedded(values: list[list[float]], mask: list[list[int]], rows: list[int]) -> EmbeddedStream:
    """A stream of width 1 whose rotary table repeats the value."""
    hidden = torch.tensor(values, dtype=torch.float32).unsqueeze(-1)
    return EmbeddedStream(
        hidden=hidden,
        mask=torch.tensor(mask).bool(),
        rotary=hidden.unsqueeze(-1).expand(-1, -1, 2, 3),
        rows=torch.tensor(rows),
    )


def test_valid_positions_move_to_the_front_in_stream_order():
    first = embedded([[1, 2, 3], [4, 5, 6]], [[1, 1, 0], [0, 1, 1]], [0, 1])
    second = embedded([[7, 8]], [[0, 1]], [1])
    rows = assemble([first, second], size=2, length=4)
    assert rows.hidden[..., 0].tolist() == [[1, 2, 0, 0], [5, 6, 8, 0]]
    assert rows.mask.int().tolist() == [[1, 1, 0, 0], [1, 1, 1, 0]]
    assert rows.rotary[..., 1, 2].tolist() == [[1, 2, 0, 0], [5, 6, 8, 0]]


def test_an_example_too_long_is_refused():
    with pytest.raises(InputError, match="got 3 valid positions; expected at most 2"):
        assemble([embedded([[1, 2, 3]], [[1, 1, 1]], [0])], size=1, length=2)


def test_an_empty_example_is_refused():
    with pytest.raises(InputError, match="no valid position: fix"):
        assemble([embedded([[1, 2]], [[1, 1]], [0])], size=2, length=2)


def test_gradients_reach_valid_positions_only():
    stream = embedded([[1, 2, 3]], [[1, 0, 1]], [0])
    stream.hidden.requires_grad_()
    assemble([stream], size=1, length=3).hidden.sum().backward()
    assert stream.hidden.grad is not None
    assert stream.hidden.grad.flatten().tolist() == [1, 0, 1]
