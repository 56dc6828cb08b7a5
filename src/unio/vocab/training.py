"""Training a small SentencePiece model, the base vocabulary of the bundled model."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import sentencepiece

from unio.core import ConfigError
from unio.vocab.layout import ADDED_PIECES

__all__ = ["train_tokenizer"]

ADDED = re.compile("|".join(re.escape(piece) for piece in sorted(ADDED_PIECES, key=len, reverse=True)))

SMALLEST = 3 + 256 + 1
"""Special pieces, byte pieces, the word-boundary mark: below that no letter has room."""


def train_tokenizer(texts: Iterable[str], *, size: int, path: str | Path) -> None:
    """Train a byte-pair SentencePiece model of ``size`` pieces on ``texts`` and write it to ``path``.

    Made as LLaMA's is: text is not normalised, every digit is a piece of its own, runs of blanks may be
    pieces, and what the vocabulary lacks is spelled in bytes, so that every text comes back unchanged.
    Added pieces in ``texts`` are left out of the training. The same texts give the same file.
    Raises ``ConfigError`` if ``size`` is too small or the texts are too few for it.
    """
    if size < SMALLEST:
        raise ConfigError("text vocabulary too small", got=size, expected=f"at least {SMALLEST} pieces")
    lines = [
        line for text in texts for part in ADDED.split(text) for line in part.splitlines() if line.strip()
    ]
    if not lines:
        raise ConfigError("no text to train a tokenizer on", got="only empty texts", expected="some words")
    model = io.BytesIO()
    try:
        _trainer().train(
            sentence_iterator=iter(lines),
            model_writer=model,
            vocab_size=size,
            model_type="bpe",
            byte_fallback=True,
            split_digits=True,
            allow_whitespace_only_pieces=True,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            character_coverage=0.9999,
            unk_id=0,
            bos_id=1,
            eos_id=2,
            pad_id=-1,
            num_threads=1,
            max_sentence_length=1 << 16,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise ConfigError(
            f"cannot make {size} pieces of {len(lines)} lines",
            got=str(error).rpartition("]")[2].strip() or "too few different words",
            fix="give more text or ask for fewer pieces",
        ) from error
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(model.getvalue())
    partial.replace(path)


def _trainer() -> Any:
    """SentencePiece's trainer, whose keyword options have no types."""
    return cast(Any, sentencepiece.SentencePieceTrainer)
