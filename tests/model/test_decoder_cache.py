import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.model import DecoderCache, Memory, UnifiedIO
from unio.model.target_embedder import shift_right
from unio.schema import Batch, TargetModality

LENGTH = 8


@pytest.fixture
def memory(model: UnifiedIO, batch: Batch[Tensor]) -> Memory:
    return model.encode(batch)


def drawn(model: UnifiedIO, modality: TargetModality) -> Tensor:
    rows = model.config.vocab_rows(modality)
    return torch.randint(2, rows, (3, LENGTH), generator=torch.Generator().manual_seed(2))


def step_by_step(model: UnifiedIO, ids: Tensor, cache: DecoderCache) -> Tensor:
    return torch.stack([model.decode_step(column[:, None], cache) for column in shift_right(ids).T], dim=1)


@pytest.mark.parametrize("modality", list(TargetModality))
@torch.no_grad()
def test_cached_decoding_equals_teacher_forcing(model: UnifiedIO, memory: Memory, modality: TargetModality):
    ids = drawn(model, modality)
    found = step_by_step(model, ids, model.new_cache(modality, memory, max_length=LENGTH))
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, model.logits(modality, ids, memory), rtol=0, atol=1e-4)


@torch.no_grad()
def test_several_tokens_at_once(model: UnifiedIO, memory: Memory):
    ids = drawn(model, TargetModality.TEXT)
    expected = model.logits(TargetModality.TEXT, ids, memory)
    cache = model.new_cache(TargetModality.TEXT, memory, max_length=LENGTH)
    inputs = shift_right(ids)
    for start, end in ((0, 3), (3, 4), (4, 8)):
        found = model.decode_step(inputs[:, start:end], cache)
        torch.testing.assert_close(found, expected[:, end - 1], rtol=0, atol=1e-4)


@torch.no_grad()
def test_rows_may_stand_at_different_positions(model: UnifiedIO, memory: Memory):
    ids = drawn(model, TargetModality.AUDIO)
    expected = model.logits(TargetModality.AUDIO, ids, memory)
    inputs = shift_right(ids)
    cache = model.new_cache(TargetModality.AUDIO, memory, max_length=LENGTH)
    model.decode_step(inputs[:, :6], cache)
    starts = torch.tensor([6, 2, 4])
    cache.rewind(starts)
    for step in range(2):
        places = starts + step
        found = model.decode_step(inputs.gather(1, places[:, None]), cache)
        wanted = expected[torch.arange(3), places]
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-4)


@torch.no_grad()
def test_selected_rows_go_on(model: UnifiedIO, memory: Memory):
    ids = drawn(model, TargetModality.IMAGE)
    expected = model.logits(TargetModality.IMAGE, ids, memory)
    inputs = shift_right(ids)
    cache = model.new_cache(TargetModality.IMAGE, memory, max_length=LENGTH)
    model.decode_step(inputs[:, :3], cache)
    rows = torch.tensor([2, 0])
    cache.select(rows)
    found = model.decode_step(inputs[rows, 3:4], cache)
    torch.testing.assert_close(found, expected[rows, 3], rtol=0, atol=1e-4)


def test_keys_and_values_of_the_memory_are_made_once(model: UnifiedIO, memory: Memory):
    calls = []
    hooks = [
        layer.cross_attention.key.register_forward_hook(lambda *_: calls.append(1))
        for layer in model.decoder.layers
    ]
    cache = model.new_cache(TargetModality.TEXT, memory, max_length=3)
    for _ in range(3):
        model.decode_step(torch.ones(3, 1, dtype=torch.long), cache)
    for hook in hooks:
        hook.remove()
    assert len(calls) == len(model.decoder.layers)


def test_a_full_cache_is_refused(model: UnifiedIO, memory: Memory):
    cache = model.new_cache(TargetModality.TEXT, memory, max_length=2)
    assert cache.max_length == 2
    model.decode_step(torch.ones(3, 2, dtype=torch.long), cache)
    with pytest.raises(InputError, match="cache is full: got 3 tokens; expected at most 2; fix: make"):
        model.decode_step(torch.ones(3, 1, dtype=torch.long), cache)
