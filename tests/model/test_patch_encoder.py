import torch
import torch.nn.functional as F
from torch import Tensor

from unio.model import UnifiedIO
from unio.model.patch_encoder import AudioEncoder, PatchEncoder, VisionEncoder

GRID = (3, 3)


def encoders(model: UnifiedIO) -> tuple[VisionEncoder, AudioEncoder]:
    return model.input_embedders.image.encoder, model.input_embedders.audio.encoder


def patches(encoder: PatchEncoder, count: int) -> Tensor:
    width = encoder.patch_embedding.in_features
    return torch.randn(1, count, width, generator=torch.Generator().manual_seed(1))


def run(encoder: PatchEncoder, x: Tensor, *, mask: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
    grid = GRID if isinstance(encoder, VisionEncoder) else (3, 2)
    maps = encoder(x, mask=mask[None], positions=positions[None], grid=grid)
    return maps.last[0], maps.second[0]


def test_masked_patches_have_no_effect_on_the_others(model: UnifiedIO):
    for encoder in encoders(model):
        x = patches(encoder, 5)
        mask, positions = torch.tensor([True, True, False, True, False]), torch.arange(5)
        changed = x.clone()
        changed[0, ~mask] += 100
        for before, after in zip(
            run(encoder, x, mask=mask, positions=positions),
            run(encoder, changed, mask=mask, positions=positions),
            strict=True,
        ):
            torch.testing.assert_close(before[mask], after[mask])


def test_a_dropped_patch_is_as_good_as_a_masked_one(model: UnifiedIO):
    for encoder in encoders(model):
        x, positions = patches(encoder, 5), torch.arange(5)
        mask = torch.tensor([True, False, True, True, False])
        masked = run(encoder, x, mask=mask, positions=positions)
        dropped = run(encoder, x[:, mask], mask=mask[mask], positions=positions[mask])
        for before, after in zip(masked, dropped, strict=True):
            torch.testing.assert_close(before[mask], after)


def test_all_masked_leaves_finite_features(model: UnifiedIO):
    for encoder in encoders(model):
        nothing = torch.zeros(4, dtype=torch.bool)
        last, second = run(encoder, patches(encoder, 4), mask=nothing, positions=torch.arange(4))
        assert last.isfinite().all()
        assert second.isfinite().all()


def test_last_and_second_are_unnormed_block_outputs(model: UnifiedIO):
    vision, _ = encoders(model)
    x, everything = patches(vision, 9), torch.ones(9, dtype=torch.bool)
    last, second = run(vision, x, mask=everything, positions=torch.arange(9))
    placed = vision.patch_embedding(x) + vision.grid_positions(GRID)
    hidden = torch.cat([(vision.class_token + vision.positions[0]).expand(1, 1, -1), placed], dim=1)
    hidden = vision.pre_norm(hidden)
    outputs = []
    for block in vision.blocks:
        hidden = block(hidden)
        outputs.append(hidden[0, 1:])
    torch.testing.assert_close(second, outputs[1])
    torch.testing.assert_close(last, outputs[2])


def test_vision_positions_are_resized_to_the_grid(model: UnifiedIO):
    vision, _ = encoders(model)
    table = vision.positions[1:]
    assert vision.grid_positions((2, 2)) is not table
    assert torch.equal(vision.grid_positions((2, 2)), table)
    resized = F.interpolate(
        table.view(1, 2, 2, -1).permute(0, 3, 1, 2),
        size=(3, 5),
        mode="bicubic",
        align_corners=False,
        antialias=True,
    )
    torch.testing.assert_close(vision.grid_positions((3, 5))[7], resized[0, :, 1, 2])


def test_audio_position_of_time_and_mel(model: UnifiedIO):
    _, audio = encoders(model)
    times, mels = 3, 2
    places = audio.grid_positions((times, mels))
    for time in range(times):
        for mel in range(mels):
            assert torch.equal(places[time * mels + mel], audio.positions[2 + mel * times + time])


def test_released_forms_differ_between_the_two(model: UnifiedIO):
    vision, audio = encoders(model)
    assert vision.patch_embedding.bias is None
    assert audio.patch_embedding.bias is not None
    assert (vision.leading_tokens, audio.leading_tokens) == (1, 2)
    assert (vision.blocks[0].mlp.activation, audio.blocks[0].mlp.activation) == ("gelu", "gelu_tanh")
    assert (vision.blocks[0].norm_1.eps, audio.blocks[0].norm_1.eps) == (1e-5, 1e-6)
