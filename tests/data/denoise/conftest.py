"""A real tokenizer, small, and material of every kind at the sizes of the synthetic world."""

import numpy as np
import pytest
from synthetic import GEOMETRY

from unio.data.denoise import Denoiser, DenoiserConfig, Material
from unio.schema import Geometry, Waveform
from unio.vocab import TextTokenizer, train_tokenizer

ROOMY: Geometry = GEOMETRY.model_copy(update={"text_length": 64})


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.model"
    texts = ["a red ball lies on the floor", "the blue box falls and sounds"]
    train_tokenizer(texts * 3, size=290, path=path)
    return TextTokenizer.from_file(path)


@pytest.fixture
def geometry() -> Geometry:
    return ROOMY


@pytest.fixture
def material() -> Material:
    """A text, a picture of 2 x 2 patches with two frames before it, and a sound of three segments."""
    rng = np.random.default_rng(4)

    def picture() -> np.ndarray:
        return rng.integers(255, size=(16, 16, 3)).astype(np.uint8)

    samples = rng.normal(scale=0.1, size=3 * ROOMY.audio.segment_samples).astype(np.float32)
    return Material(
        name="scene",
        text="a red ball lies on the floor and the blue box falls",
        image=picture(),
        image_history=(picture(), picture()),
        audio=Waveform(samples=samples, rate=16000),
    )


def denoiser_of(tokenizer: TextTokenizer, config: DenoiserConfig) -> Denoiser:
    return Denoiser(config=config, tokenizer=tokenizer, geometry=ROOMY)
