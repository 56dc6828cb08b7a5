"""Training of the small text tokenizer on a mixture's prompts and answers."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from unio.core import Config
from unio.data import Mixture, TextMaker, collect_texts
from unio.train.choices import SourceConfig, make_source
from unio.train.progress import TrainingProgress
from unio.vocab import TextTokenizer, train_tokenizer

__all__ = ["TokenizerRun", "train_text_tokenizer"]


class TokenizerRun(Config):
    """Trains a SentencePiece model on examples' texts."""

    kind: Literal["tokenizer"] = Field(description="What is trained.")
    out: Path = Field(description="Folder of tokenizer.model.")
    seed: int = Field(default=0, description="Seed of the examples.")
    size: int = Field(gt=0, description="Pieces, without those that every vocabulary adds.")
    source: SourceConfig = Field(default_factory=lambda: SourceConfig(), description="Where texts come from.")
    mixture: Mixture = Field(description="Tasks whose prompts and answers are read.")
    count: int = Field(gt=0, description="Examples read.")
    workers: int = Field(default=2, ge=0, description="Processes that make examples; 0 uses this one.")


def train_text_tokenizer(run: TokenizerRun) -> bool:
    """Write ``out/tokenizer.model``, unless it is there already, and tell how long texts come out."""
    path = run.out / "tokenizer.model"
    with TrainingProgress("texts", total=run.count) as progress:
        if path.exists():
            progress.say(f"{path} is there already")
            return True
        maker = TextMaker(source=make_source(run.source), mixture=run.mixture, seed=run.seed)
        texts = collect_texts(maker, count=run.count, workers=run.workers, report=progress.count)
        train_tokenizer(texts, size=run.size, path=path)
        progress.say(_describe(TextTokenizer.from_file(path), texts))
    return True


def _describe(tokenizer: TextTokenizer, texts: list[str]) -> str:
    lengths = [len(tokenizer.encode(text)) for text in texts[:2000]]
    return (
        f"{tokenizer.layout.base_size} pieces and the added ones; texts have "
        f"{sum(lengths) / len(lengths):.1f} tokens on average, {max(lengths)} at most"
    )
