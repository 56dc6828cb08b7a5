"""A real model of the smallest sizes, all distinct, and batches of mixed examples for it."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from unio.codecs import TransformerConfig, ViTVQGANConfig, VQGANConfig
from unio.model import (
    ModelConfig,
    PatchEncoderConfig,
    ResamplerConfig,
    TrunkConfig,
    UnifiedIO,
    random_model,
)
from unio.schema import (
    AudioGeometry,
    Batch,
    Geometry,
    ImageGeometry,
    InputModality,
    Stream,
    Target,
    TargetModality,
)


@pytest.fixture(scope="session")
def tiny_config() -> ModelConfig:
    resampler = ResamplerConfig(dim=16, num_heads=2, head_dim=8, num_layers=2, mlp_dim=20)
    stack = TransformerConfig(dim=16, num_layers=1, num_heads=2, head_dim=8, mlp_dim=20)
    return ModelConfig(
        geometry=Geometry(
            image=ImageGeometry(
                input_size=48,
                history_size=32,
                target_size=16,
                patch_size=16,
                code_stride=4,
                history_latents=3,
            ),
            audio=AudioGeometry(mels=32, frames=48, patch_size=16, code_patch=8, history_latents=2),
            text_length=12,
        ),
        trunk=TrunkConfig(dim=24, num_heads=2, head_dim=12, mlp_dim=40, encoder_layers=2, decoder_layers=2),
        image_encoder=PatchEncoderConfig(
            dim=14, num_heads=2, head_dim=8, num_layers=3, mlp_dim=20, positions=4
        ),
        audio_encoder=PatchEncoderConfig(
            dim=10, num_heads=2, head_dim=8, num_layers=3, mlp_dim=20, positions=8
        ),
        image_resampler=resampler,
        audio_resampler=resampler.model_copy(update={"attention": "scaled_cosine"}),
        image_codec=VQGANConfig(
            resolution=16,
            channels=8,
            channel_multipliers=(1, 1, 2),
            num_residual_blocks=1,
            attention_resolutions=(4,),
            num_groups=4,
            num_codes=20,
        ),
        audio_codec=ViTVQGANConfig(
            frames=48, mels=32, encoder=stack, decoder=stack, code_dim=4, num_codes=12
        ),
        text_vocab_rows=50,
        image_vocab_rows=23,
        audio_vocab_rows=15,
        image_rope_multiplier=1.5,
        audio_rope_multiplier=2.0,
        audio_target_rope_grid=(6, 4),
    )


@pytest.fixture(scope="session")
def model(tiny_config: ModelConfig) -> UnifiedIO:
    """Shared by the tests, which must not change it."""
    return random_model(tiny_config, seed=3).eval()


@pytest.fixture
def fresh_model(tiny_config: ModelConfig) -> UnifiedIO:
    """One's own, to be changed."""
    return random_model(tiny_config, seed=3)


@pytest.fixture
def batch() -> Batch[Tensor]:
    """Three examples: text and image; text, image history and audio; text and audio history."""
    random = torch.Generator().manual_seed(5)

    def patches(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random)

    text = torch.tensor([[5, 6, 7, 8, 1], [9, 10, 1, 0, 0], [11, 12, 13, 1, 0]])
    frames = torch.tensor([[[1, 1, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]]], dtype=torch.bool)
    segments = torch.tensor([[[1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0]]], dtype=torch.bool)
    return Batch(
        size=3,
        encoder_length=20,
        streams={
            InputModality.TEXT: stream(text, text > 0, rows=[0, 1, 2]),
            InputModality.IMAGE: stream(
                patches(1, 9, 768), torch.tensor([[1, 1, 1, 1, 1, 1, 0, 1, 0]]).bool(), rows=[0]
            ),
            InputModality.IMAGE_HISTORY: stream(patches(1, 3, 4, 768), frames, rows=[1]),
            InputModality.AUDIO: stream(
                patches(1, 6, 256), torch.tensor([[1, 1, 1, 1, 0, 0]]).bool(), rows=[1]
            ),
            InputModality.AUDIO_HISTORY: stream(patches(1, 2, 6, 256), segments, rows=[2]),
        },
        targets={
            TargetModality.TEXT: target(torch.tensor([[7, 8, 9, 1, 0]]), rows=[0]),
            TargetModality.IMAGE: target(torch.randint(2, 22, (1, 16), generator=random), rows=[1]),
            TargetModality.AUDIO: target(torch.randint(2, 14, (1, 24), generator=random), rows=[2]),
        },
    )


@pytest.fixture
def alone() -> Callable[[Batch[Tensor], int], Batch[Tensor]]:
    """Takes one example out of a batch, in a row without padding."""

    def pick(batch: Batch[Tensor], row: int) -> Batch[Tensor]:
        streams: dict[InputModality, Stream[Tensor]] = {}
        for modality, found in batch.streams.items():
            entry = (found.rows == row).nonzero().flatten()
            if len(entry):
                streams[modality] = found.map(lambda array, entry=entry: array[entry])
                streams[modality].rows.zero_()
        targets: dict[TargetModality, Target[Tensor]] = {}
        for modality, wanted in batch.targets.items():
            entry = (wanted.rows == row).nonzero().flatten()
            if len(entry):
                targets[modality] = wanted.map(lambda array, entry=entry: array[entry])
                targets[modality].rows.zero_()
        return Batch(size=1, encoder_length=20, streams=streams, targets=targets)

    return pick


def stream(values: Tensor, mask: Tensor, *, rows: list[int]) -> Stream[Tensor]:
    """A stream whose positions are 0, 1, 2, .."""
    positions = torch.arange(mask.shape[-1]).expand(mask.shape)
    return Stream(values=values, mask=mask, positions=positions, rows=torch.tensor(rows))


def target(ids: Tensor, *, rows: list[int]) -> Target[Tensor]:
    """A target that counts all but padding."""
    return Target(ids=ids, mask=ids > 0, rows=torch.tensor(rows))
