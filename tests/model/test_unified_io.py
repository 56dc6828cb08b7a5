from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from unio.core import InputError
from unio.model import ModelConfig, UnifiedIO, random_model
from unio.schema import Batch, InputModality, Target, TargetModality

Alone = Callable[[Batch[Tensor], int], Batch[Tensor]]


@torch.no_grad()
def test_a_mixed_batch_equals_each_example_alone(model: UnifiedIO, batch: Batch[Tensor], alone: Alone):
    together = model.encode(batch)
    logits = model(batch)
    for row, modality in enumerate(TargetModality):
        single = alone(batch, row)
        memory = model.encode(single)
        assert torch.equal(memory.mask[0], together.mask[row])
        valid = together.mask[row]
        torch.testing.assert_close(memory.hidden[0, valid], together.hidden[row, valid], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(model(single)[modality], logits[modality], rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_more_room_in_the_rows_changes_nothing(model: UnifiedIO, batch: Batch[Tensor]):
    roomy = Batch(size=3, encoder_length=31, streams=batch.streams, targets=batch.targets)
    for modality, logits in model(batch).items():
        torch.testing.assert_close(model(roomy)[modality], logits, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_masked_patches_have_no_effect(model: UnifiedIO, batch: Batch[Tensor]):
    before = model(batch)
    for modality in InputModality:
        stream = batch.streams[modality]
        if modality is InputModality.TEXT:
            stream.values[~stream.mask] = 33
        else:
            stream.values[~stream.mask] += 100
    for modality, logits in model(batch).items():
        torch.testing.assert_close(logits, before[modality], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("modality", list(TargetModality))
@torch.no_grad()
def test_the_head_is_picked_by_modality(model: UnifiedIO, batch: Batch[Tensor], modality: TargetModality):
    # Trap 5 of spec section 13: also when it is the only target in the batch.
    only = batch.with_targets({modality: batch.targets[modality]})
    logits = model(only)
    assert list(logits) == [modality]
    assert logits[modality].shape[-1] == model.config.vocab_rows(modality)
    torch.testing.assert_close(logits[modality], model(batch)[modality])


@torch.no_grad()
def test_logits_are_scaled_products_with_the_tied_table(model: UnifiedIO, batch: Batch[Tensor]):
    hidden = []
    hook = model.decoder.register_forward_hook(lambda module, arguments, output: hidden.append(output))
    only = batch.with_targets({TargetModality.TEXT: batch.targets[TargetModality.TEXT]})
    logits = model(only)[TargetModality.TEXT]
    hook.remove()
    torch.testing.assert_close(logits, hidden[0] @ model.token_embedders["text"].weight.T / 24**0.5)


def test_freezing_stops_gradients_at_the_encoders(fresh_model: UnifiedIO, batch: Batch[Tensor]):
    encoders = [fresh_model.input_embedders.image.encoder, fresh_model.input_embedders.audio.encoder]
    fresh_model.encode(batch, freeze_encoders=True).hidden.square().sum().backward()
    assert all(parameter.grad is None for encoder in encoders for parameter in encoder.parameters())
    assert fresh_model.input_embedders.image.projection.weight.grad is not None
    assert fresh_model.input_embedders.image_history.resampler.latents.grad is not None
    fresh_model.encode(batch).hidden.square().sum().backward()
    assert all(encoder.class_token.grad is not None for encoder in encoders)


def test_every_parameter_but_the_codecs_learns(fresh_model: UnifiedIO, batch: Batch[Tensor]):
    torch.stack([logits.square().sum() for logits in fresh_model(batch).values()]).sum().backward()
    idle = [name for name, parameter in fresh_model.named_parameters() if parameter.grad is None]
    assert all(name.startswith(("image_codec.", "audio_codec.")) for name in idle)
    assert not any(parameter.requires_grad for parameter in fresh_model.image_codec.parameters())


def test_a_new_model_has_no_weights(tiny_config: ModelConfig):
    model = UnifiedIO(tiny_config)
    assert {parameter.device.type for parameter in model.parameters()} == {"meta"}
    assert not list(model.buffers())


@torch.no_grad()
def test_targets_are_tokenized_once_and_come_back(model: UnifiedIO, batch: Batch[Tensor]):
    media = {
        TargetModality.IMAGE: torch.rand(2, 16, 16, 3) * 2 - 1,
        TargetModality.AUDIO: torch.randn(1, 48, 32),
    }
    raw = batch.with_targets(
        {
            name: Target(mask=torch.ones(1), rows=torch.arange(len(media[name])), media=media[name])
            for name in media
        }
    )
    with pytest.raises(InputError, match="image targets are not tokenized: fix: call tokenize_targets first"):
        model(raw)
    done = model.tokenize_targets(raw).targets
    image_ids, audio_ids = (done[name].ids for name in media)
    assert image_ids is not None
    assert audio_ids is not None
    assert (image_ids.shape, audio_ids.shape) == ((2, 16), (1, 24))
    assert image_ids.min() >= 2
    assert model.decode_image(image_ids - 2).shape == (2, 16, 16, 3)
    assert model.decode_audio(audio_ids - 2).shape == (1, 48, 32)
    again = model.tokenize_targets(batch.with_targets(done)).targets
    assert again[TargetModality.IMAGE] is done[TargetModality.IMAGE]


@torch.no_grad()
def test_autocast_runs_the_trunk_in_bfloat16_and_the_head_in_float32(model: UnifiedIO, batch: Batch[Tensor]):
    exact = model(batch)
    with torch.autocast("cpu", torch.bfloat16):
        assert model.encode(batch).hidden.dtype == torch.bfloat16
        for modality, logits in model(batch).items():
            assert logits.dtype == torch.float32
            torch.testing.assert_close(logits, exact[modality], rtol=0, atol=0.2)


@torch.no_grad()
def test_a_model_in_bfloat16_answers_in_float32(fresh_model: UnifiedIO, batch: Batch[Tensor]):
    exact = fresh_model(batch)
    fresh_model.bfloat16()
    for modality, logits in fresh_model(batch).items():
        assert logits.dtype == torch.float32
        torch.testing.assert_close(logits, exact[modality], rtol=0, atol=0.2)


def test_compiling_keeps_the_names(tiny_config: ModelConfig):
    model = random_model(tiny_config, seed=1)
    names = [name for name, _ in model.named_parameters()]
    model.compile_trunk()
    assert [name for name, _ in model.named_parameters()] == names
