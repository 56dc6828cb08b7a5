"""A small tokenizer trained here, and LLaMA's where the npm package is at hand."""

import os
import subprocess
import sys
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
def llama(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    """The LLaMA 1/2 vocabulary, rebuilt from the unpacked npm package (see rebuild_llama.py)."""
    package = os.environ.get("UNIO_LLAMA_TOKENIZER_PACKAGE")
    if package is None:
        pytest.skip("UNIO_LLAMA_TOKENIZER_PACKAGE names no unpacked llama-tokenizer-js 1.2.2")
    model = tmp_path_factory.mktemp("llama") / "tokenizer.model"
    script = Path(__file__).with_name("rebuild_llama.py")
    source = Path(package) / "llama-tokenizer.js"
    subprocess.run([sys.executable, str(script), str(source), str(model)], check=True)
    return TextTokenizer.from_file(model, base_size=32000)
