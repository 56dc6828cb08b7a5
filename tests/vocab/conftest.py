"""A small tokenizer trained here, and LLaMA's where npm can fetch it."""

from pathlib import Path

import pytest

from unio.vocab import TextTokenizer, train_tokenizer

TEXTS = [
    "What color is the large red rubber ball?",
    "The blue metal box is left of the small green ball.",
    "def add(x, y):\n    return x + y\n",
    "A photo of two cats and 12 dogs, 345 birds.",
    "Push the red ball to the blue box, then push the ball back.",
    "the sound of a wooden cube that falls on the floor",
] * 3


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vocab") / "tokenizer.model"
    train_tokenizer(TEXTS, size=350, path=path)
    return path


@pytest.fixture(scope="session")
def tokenizer(small_model: Path) -> TextTokenizer:
    return TextTokenizer.from_file(small_model)


@pytest.fixture(scope="session")
def llama(llama_file: Path) -> TextTokenizer:
    return TextTokenizer.from_file(llama_file, base_size=32000)
