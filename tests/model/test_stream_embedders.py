import pytest
from torch import Tensor

from unio.core import InputError
from unio.model import UnifiedIO
from unio.schema import Batch, InputModality


def test_streams_come_in_the_encoders_order(model: UnifiedIO, batch: Batch[Tensor]):
    shuffled = dict(reversed(list(batch.streams.items())))
    found = model.input_embedders(shuffled, token_embedder=model.token_embedders["text"], freeze=False)
    assert [tuple(stream.hidden.shape[:2]) for stream in found] == [(3, 5), (1, 9), (1, 9), (1, 6), (1, 4)]


def test_an_absent_stream_runs_nothing(model: UnifiedIO, batch: Batch[Tensor]):
    ran = []
    embedders = model.input_embedders
    hooks = [
        part.register_forward_hook(lambda module, *_: ran.append(type(module).__name__))
        for part in (embedders.image.encoder, embedders.audio.encoder, embedders.image_history.resampler)
    ]
    text_and_audio = {name: batch.streams[name] for name in (InputModality.TEXT, InputModality.AUDIO)}
    embedders(text_and_audio, token_embedder=model.token_embedders["text"], freeze=False)
    for hook in hooks:
        hook.remove()
    assert ran == ["AudioEncoder"]


def test_a_batch_without_streams_is_refused(model: UnifiedIO):
    with pytest.raises(InputError, match="the batch has no input stream: fix: give each example a text"):
        model.encode(Batch(size=1, encoder_length=2, streams={}))


def test_history_borrows_the_encoder_and_owns_none(model: UnifiedIO):
    names = [name for name, _ in model.input_embedders.named_parameters()]
    assert any(name.startswith("image.encoder.") for name in names)
    assert not any(name.startswith("image_history.encoder.") for name in names)
