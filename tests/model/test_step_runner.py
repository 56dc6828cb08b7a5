import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.model import Memory, StepRunner, UnifiedIO, output_head
from unio.model.step_runner import ROOM_BLOCK
from unio.model.target_embedder import shift_right
from unio.nn import linear
from unio.nn.row_products import RowProduct
from unio.schema import Batch, TargetModality

LENGTH = 8


@pytest.fixture
def memory(model: UnifiedIO, batch: Batch[Tensor]) -> Memory:
    return model.encode(batch)


def drawn(model: UnifiedIO, modality: TargetModality, length: int = LENGTH) -> Tensor:
    rows = model.config.vocab_rows(modality)
    return torch.randint(2, rows, (3, length), generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("modality", list(TargetModality))
@torch.no_grad()
def test_steps_equal_teacher_forcing(model: UnifiedIO, memory: Memory, modality: TargetModality):
    ids = drawn(model, modality)
    run = StepRunner(model, model.new_cache(modality, memory, max_length=LENGTH))
    inputs = shift_right(ids)
    parts = [run(inputs[:, start:end]) for start, end in ((0, 1), (1, 2), (2, 5), (5, 8))]
    expected = model.logits(modality, ids, memory)
    torch.testing.assert_close(torch.cat(parts, dim=1), expected, rtol=0, atol=1e-4)


@torch.no_grad()
def test_more_positions_than_a_block(model: UnifiedIO, memory: Memory):
    length = ROOM_BLOCK + 3
    ids = drawn(model, TargetModality.IMAGE, length)
    run = StepRunner(model, model.new_cache(TargetModality.IMAGE, memory, max_length=length))
    inputs = shift_right(ids)
    found = [
        run(inputs[:, :ROOM_BLOCK]),
        *(run(inputs[:, place : place + 1]) for place in range(ROOM_BLOCK, length)),
    ]
    expected = model.logits(TargetModality.IMAGE, ids, memory)
    torch.testing.assert_close(torch.cat(found, dim=1), expected, rtol=0, atol=1e-4)


@torch.no_grad()
def test_rows_may_be_rewound_to_different_positions(model: UnifiedIO, memory: Memory):
    ids = drawn(model, TargetModality.AUDIO)
    expected = model.logits(TargetModality.AUDIO, ids, memory)
    inputs = shift_right(ids)
    cache = model.new_cache(TargetModality.AUDIO, memory, max_length=LENGTH)
    run = StepRunner(model, cache)
    run(inputs[:, :6])
    starts = torch.tensor([6, 2, 4])
    cache.rewind(starts)
    places = starts[:, None] + torch.arange(2)
    found = run(inputs.gather(1, places))
    torch.testing.assert_close(found, expected[torch.arange(3)[:, None], places], rtol=0, atol=1e-4)


@torch.no_grad()
def test_a_step_depends_on_positions_as_tensors_alone(model: UnifiedIO, memory: Memory):
    """What a captured graph is: one step at full room, run again with other numbers in its inputs."""
    ids = drawn(model, TargetModality.TEXT)
    inputs = shift_right(ids)
    cache = model.new_cache(TargetModality.TEXT, memory, max_length=LENGTH)
    own = [layer.own.first(LENGTH) for layer in cache.layers]
    static_ids, static_places = torch.zeros(3, 1, dtype=torch.long), torch.zeros(3, 1, dtype=torch.long)
    found = []
    for place in range(LENGTH):
        static_ids.copy_(inputs[:, place : place + 1])
        static_places.fill_(place)
        found.append(model.step_logits(static_ids, static_places, own=own, cache=cache))
    assert cache.clock.filled == 0
    expected = model.logits(TargetModality.TEXT, ids, memory)
    torch.testing.assert_close(torch.cat(found, dim=1), expected, rtol=0, atol=1e-4)


def test_a_full_cache_is_refused(model: UnifiedIO, memory: Memory):
    run = StepRunner(model, model.new_cache(TargetModality.TEXT, memory, max_length=2))
    run(torch.ones(3, 2, dtype=torch.long))
    with pytest.raises(InputError, match="cache is full: got 3 tokens; expected at most 2"):
        run(torch.ones(3, 1, dtype=torch.long))


def test_graphs_are_for_cuda(model: UnifiedIO, memory: Memory):
    cache = model.new_cache(TargetModality.TEXT, memory, max_length=2)
    with pytest.raises(InputError, match="graphs are captured on CUDA alone: got the device 'cpu'"):
        StepRunner(model, cache, is_graphed=True)


@pytest.mark.compiled
@pytest.mark.parametrize("way", ["linear", "dots"])
@torch.inference_mode()
def test_compiled_steps_equal_teacher_forcing(
    fresh_model: UnifiedIO, batch: Batch[Tensor], way: RowProduct, monkeypatch: pytest.MonkeyPatch
):
    for module in (linear, output_head):
        monkeypatch.setattr(module, "fastest_row_product", lambda dtype, *, is_compiled: way)
    memory = fresh_model.encode(batch)
    length = ROOM_BLOCK + 2
    ids = drawn(fresh_model, TargetModality.IMAGE, length)
    expected = fresh_model.logits(TargetModality.IMAGE, ids, memory)
    assert not fresh_model.decoder.has_compiled_steps
    fresh_model.compile_steps()
    assert fresh_model.decoder.has_compiled_steps
    run = StepRunner(fresh_model, fresh_model.new_cache(TargetModality.IMAGE, memory, max_length=length))
    found = [run(column[:, None]) for column in shift_right(ids).T]
    torch.testing.assert_close(torch.cat(found, dim=1), expected, rtol=0, atol=1e-4)
