import torch
from torch import Tensor

from unio.model import UnifiedIO
from unio.nn import grid_rotary, line_rotary
from unio.schema import Batch, InputModality, Stream


def test_text_is_token_plus_modality_on_a_line(model: UnifiedIO, batch: Batch[Tensor]):
    text = batch.streams[InputModality.TEXT]
    found = model.embed(batch)[0]
    table = model.token_embedders["text"].weight
    expected = table[9] + model.input_embedders.text.modality
    torch.testing.assert_close(found.hidden[1, 0], expected)
    assert torch.equal(found.rotary, line_rotary(text.positions, head_dim=12))


def test_image_projects_both_features(model: UnifiedIO, batch: Batch[Tensor]):
    embedder = model.input_embedders.image
    image = batch.streams[InputModality.IMAGE]
    found = embedder(image, freeze_encoder=False)
    maps = embedder.encoder(image.values, mask=image.mask, positions=image.positions, grid=(3, 3))
    expected = embedder.projection(torch.cat([maps.last, maps.second], dim=-1)) + embedder.modality
    torch.testing.assert_close(found.hidden, expected)


def test_inputs_stretch_their_coordinates_and_histories_do_not(model: UnifiedIO, batch: Batch[Tensor]):
    _, image, image_history, audio, audio_history = model.embed(batch)
    expected = [
        (image, grid_rotary(torch.arange(9), columns=3, head_dim=12, multiplier=1.5)),
        (audio, grid_rotary(torch.arange(6), columns=2, head_dim=12, multiplier=2.0)),
        (image_history, grid_rotary(torch.arange(9), columns=3, head_dim=12)),
        (audio_history, grid_rotary(torch.arange(4), columns=2, head_dim=12)),
    ]
    for found, table in expected:
        torch.testing.assert_close(found.rotary[0], table)


def test_true_positions_of_kept_patches_reach_the_rotary_table(model: UnifiedIO, batch: Batch[Tensor]):
    image = batch.streams[InputModality.IMAGE].map(lambda array: array)
    kept = Stream(
        values=image.values[:, [2, 7]],
        mask=image.mask[:, [2, 7]],
        positions=image.positions[:, [2, 7]],
        rows=image.rows,
    )
    found = model.input_embedders.image(kept, freeze_encoder=False)
    torch.testing.assert_close(
        found.rotary[0], grid_rotary(torch.tensor([2, 7]), columns=3, head_dim=12, multiplier=1.5)
    )


def test_history_uses_the_last_features_only(model: UnifiedIO, batch: Batch[Tensor]):
    # Trap 3 of spec section 13.
    embedder = model.input_embedders.image_history
    history = batch.streams[InputModality.IMAGE_HISTORY]
    found = embedder(history, encoder=model.input_embedders.image.encoder, freeze_encoder=False)
    maps = model.input_embedders.image.encoder(
        history.values[0, 2:], mask=history.mask[0, 2:], positions=history.positions[0, 2:], grid=(2, 2)
    )
    expected = embedder.resampler(maps.last, mask=history.mask[0, 2:]) + embedder.modality
    torch.testing.assert_close(found.hidden[0, 6:], expected[0])


def test_a_frame_without_patches_gives_masked_latents_and_is_not_encoded(
    model: UnifiedIO, batch: Batch[Tensor]
):
    history = batch.streams[InputModality.IMAGE_HISTORY]
    history.values[0, 1] = torch.nan
    encoded = []
    hook = model.input_embedders.image.encoder.register_forward_pre_hook(
        lambda module, arguments: encoded.append(len(arguments[0]))
    )
    found = model.input_embedders.image_history(
        history, encoder=model.input_embedders.image.encoder, freeze_encoder=False
    )
    hook.remove()
    assert encoded == [2]
    assert found.mask.int().tolist() == [[1, 1, 1, 0, 0, 0, 1, 1, 1]]
    assert found.hidden.isfinite().all()


def test_a_history_without_any_patch_is_all_masked(model: UnifiedIO, batch: Batch[Tensor]):
    history = batch.streams[InputModality.AUDIO_HISTORY]
    history.mask.fill_(False)
    found = model.input_embedders.audio_history(
        history, encoder=model.input_embedders.audio.encoder, freeze_encoder=False
    )
    assert not found.mask.any()
    assert found.hidden.isfinite().all()
