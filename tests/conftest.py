"""What tests of several rooms share: one thread for torch, tiny models in folders, LLaMA's tokenizer."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.vocab.packed_tokenizers import LLAMA, rebuilt_tokenizer

if TYPE_CHECKING:
    from unio.model import ModelConfig

TINY = {
    "geometry": {
        "image": {
            "input_size": 32,
            "history_size": 32,
            "target_size": 16,
            "code_stride": 4,
            "history_latents": 2,
        },
        "audio": {"window": 256, "hop": 128, "mels": 16, "frames": 64, "history_latents": 2},
        "text_length": 48,
    },
    "trunk": {
        "dim": 32,
        "num_heads": 2,
        "head_dim": 16,
        "mlp_dim": 48,
        "encoder_layers": 1,
        "decoder_layers": 1,
    },
    "image_encoder": {
        "dim": 16,
        "num_heads": 2,
        "head_dim": 8,
        "num_layers": 2,
        "mlp_dim": 24,
        "positions": 4,
    },
    "audio_encoder": {
        "dim": 16,
        "num_heads": 2,
        "head_dim": 8,
        "num_layers": 2,
        "mlp_dim": 24,
        "positions": 4,
    },
    "image_resampler": {"dim": 16, "num_heads": 2, "head_dim": 8, "num_layers": 1, "mlp_dim": 24},
    "audio_resampler": {"dim": 16, "num_heads": 2, "head_dim": 8, "num_layers": 1, "mlp_dim": 24},
    "image_codec": {
        "resolution": 16,
        "channels": 8,
        "channel_multipliers": [1, 1, 2],
        "num_residual_blocks": 1,
        "attention_resolutions": [],
        "num_groups": 4,
        "num_codes": 20,
    },
    "audio_codec": {
        "frames": 64,
        "mels": 16,
        "encoder": {"dim": 16, "num_layers": 1, "num_heads": 2, "head_dim": 8, "mlp_dim": 24},
        "decoder": {"dim": 16, "num_layers": 1, "num_heads": 2, "head_dim": 8, "mlp_dim": 24},
        "code_dim": 4,
        "num_codes": 12,
    },
    "text_vocab_rows": 1536,
    "image_vocab_rows": 128,
    "audio_vocab_rows": 128,
    "image_rope_multiplier": 1.0,
    "audio_rope_multiplier": 1.0,
    "audio_target_rope_grid": [8, 2],
}
"""A model whose every direction runs in milliseconds; its answers are noise."""


@pytest.fixture(scope="session")
def tiny_model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole model folder with random weights and a trained tokenizer."""
    from unio.model import ModelConfig, random_model
    from unio.model.weights import save_model
    from unio.vocab import train_tokenizer

    folder = tmp_path_factory.mktemp("tiny-model")
    save_model(random_model(ModelConfig.model_validate(TINY), seed=5), folder)
    texts = ["what colour is the red ball?", "push the blue box to the cone", "a drop on wood and metal"]
    train_tokenizer(texts * 3, size=290, path=folder / "tokenizer.model")
    return folder


@pytest.fixture(scope="session")
def published_config() -> "ModelConfig":
    """The tiny model with sizes that the layout of the published checkpoints can say."""
    from unio.model import ModelConfig

    geometry = {**TINY["geometry"], "audio": {"mels": 16, "frames": 64, "history_latents": 2}}
    codec = {key: value for key, value in TINY["image_codec"].items() if key != "num_groups"}
    return ModelConfig.model_validate(
        {
            **TINY,
            "geometry": geometry,
            "image_codec": {**codec, "channels": 32},
            "image_rope_multiplier": 2.0,
            "audio_rope_multiplier": 2.0,
            "audio_target_rope_grid": [2, 8],
        }
    )


@pytest.fixture(scope="session")
def published_folder(
    published_config: "ModelConfig", tiny_model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Random weights (seed 3) in the published layout, in several shards, and the tiny tokenizer."""
    from unio.model import write_random_folder

    folder = tmp_path_factory.mktemp("published")
    write_random_folder(published_config, folder, seed=3, shard_bytes=1_000_000)
    (folder / "tokenizer.model").write_bytes((tiny_model_folder / "tokenizer.model").read_bytes())
    return folder


@pytest.fixture(scope="session")
def llama_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LLaMA 1/2's ``tokenizer.model``, rebuilt from an npm package; skips where that cannot be had."""
    return rebuilt_tokenizer(LLAMA, tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:  # pyright: ignore[reportUnusedFunction]
    """Tiny tensors are slower on several threads."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _own_cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """What unio measures and keeps for the user of this machine is left alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
