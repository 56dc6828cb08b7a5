"""A real model with random weights, small enough for milliseconds, and a real tokenizer for it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from unio.codecs.vit_vqgan_config import TransformerConfig, ViTVQGANConfig
from unio.codecs.vqgan_config import VQGANConfig
from unio.data import collate, featurise
from unio.model import (
    Memory,
    ModelConfig,
    PatchEncoderConfig,
    ResamplerConfig,
    TrunkConfig,
    UnifiedIO,
    random_model,
)
from unio.schema import AudioGeometry, Batch, Example, Geometry, ImageGeometry, TargetModality, Waveform
from unio.vocab import TextTokenizer, train_tokenizer

WORDS = ["the red ball is left of the blue box", "a green cone falls", "what colour is the ball?", "yes no"]
BASE_SIZE = 280
TEXT_ROWS = 1536  # 280 + 1225 = 1505, padded to a multiple of 128

GEOMETRY = Geometry(
    image=ImageGeometry(
        input_size=32, history_size=32, target_size=16, patch_size=16, code_stride=4, history_latents=2
    ),
    audio=AudioGeometry(
        window=256, hop=64, mels=16, frames=32, patch_size=16, code_patch=8, history_latents=2
    ),
    text_length=24,
)


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tokenizer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.model"
    train_tokenizer(WORDS * 3, size=BASE_SIZE, path=path)
    return path


@pytest.fixture(scope="session")
def tokenizer(tokenizer_file: Path) -> TextTokenizer:
    return TextTokenizer.from_file(tokenizer_file)


@pytest.fixture(scope="session")
def tiny_config() -> ModelConfig:
    resampler = ResamplerConfig(dim=16, num_heads=2, head_dim=8, num_layers=1, mlp_dim=24)
    stack = TransformerConfig(dim=16, num_layers=1, num_heads=2, head_dim=8, mlp_dim=24)
    return ModelConfig(
        geometry=GEOMETRY,
        trunk=TrunkConfig(dim=32, num_heads=2, head_dim=16, mlp_dim=48, encoder_layers=1, decoder_layers=2),
        image_encoder=PatchEncoderConfig(
            dim=16, num_heads=2, head_dim=8, num_layers=2, mlp_dim=24, positions=4
        ),
        audio_encoder=PatchEncoderConfig(
            dim=16, num_heads=2, head_dim=8, num_layers=2, mlp_dim=24, positions=2
        ),
        image_resampler=resampler,
        audio_resampler=resampler,
        image_codec=VQGANConfig(
            resolution=16,
            channels=8,
            channel_multipliers=(1, 1, 2),
            num_residual_blocks=1,
            attention_resolutions=(),
            num_groups=4,
            num_codes=20,
        ),
        audio_codec=ViTVQGANConfig(
            frames=32, mels=16, encoder=stack, decoder=stack, code_dim=4, num_codes=12
        ),
        text_vocab_rows=TEXT_ROWS,
        image_vocab_rows=128,
        audio_vocab_rows=128,
        image_rope_multiplier=2.0,
        audio_rope_multiplier=2.0,
        audio_target_rope_grid=(4, 2),
    )


@pytest.fixture(scope="session")
def model(tiny_config: ModelConfig) -> UnifiedIO:
    return random_model(tiny_config, seed=5).eval()


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (20, 30, 3), dtype=np.uint8)


def sound(seed: int) -> Waveform:
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, 1500).astype(np.float32)
    return Waveform(samples=samples, rate=16000)


@pytest.fixture(scope="session")
def questions() -> list[Example]:
    """Three requests for text of different lengths and with different streams."""
    return [
        Example(task="a", prompt="[Text] [S] the red ball", target_modality=TargetModality.TEXT),
        Example(
            task="b",
            prompt="[Text] [S] what colour is the ball? <image_input>",
            target_modality=TargetModality.TEXT,
            image=picture(1),
        ),
        Example(
            task="c",
            prompt="[Text] [S] what falls? <audio_input>",
            target_modality=TargetModality.TEXT,
            audio=sound(2),
        ),
    ]


@pytest.fixture(scope="session")
def memory(model: UnifiedIO, tokenizer: TextTokenizer, questions: list[Example]) -> Memory:
    """The three questions, encoded."""
    features = [featurise(one, tokenizer=tokenizer, geometry=GEOMETRY) for one in questions]
    arrays: Batch[np.ndarray] = collate(features, geometry=GEOMETRY)
    batch: Batch[Tensor] = arrays.map(torch.from_numpy)
    with torch.inference_mode():
        return model.encode(batch)
