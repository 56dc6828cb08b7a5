from pathlib import Path

import pytest

from unio.core import ConfigError
from unio.vocab import TextTokenizer, train_tokenizer

TEXTS = ["the red ball", "the blue box, the green cube", "<extra_id_200> <extra_id_300> a red cube"] * 4


def test_same_texts_give_the_same_file(tmp_path: Path):
    for name in ("one.model", "two.model"):
        train_tokenizer(iter(TEXTS), size=300, path=tmp_path / "new" / name)
    first, second = (tmp_path / "new" / name for name in ("one.model", "two.model"))
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in first.parent.iterdir()) == ["one.model", "two.model"]


def test_size_is_exact(tmp_path: Path):
    train_tokenizer(TEXTS, size=290, path=tmp_path / "tokenizer.model")
    assert TextTokenizer.from_file(tmp_path / "tokenizer.model").layout.base_size == 290


def test_added_pieces_are_left_out_of_training(tmp_path: Path):
    train_tokenizer(TEXTS, size=290, path=tmp_path / "tokenizer.model")
    tokenizer = TextTokenizer.from_file(tmp_path / "tokenizer.model")
    # "extra" was never learnt as text, so that within a word each of its letters is a piece.
    assert len(tokenizer.encode("x<extra")) >= 7


def test_frequent_words_become_pieces(tmp_path: Path):
    train_tokenizer(TEXTS, size=300, path=tmp_path / "tokenizer.model")
    assert len(TextTokenizer.from_file(tmp_path / "tokenizer.model").encode("the red")) == 2


def test_impossible_sizes_are_refused(tmp_path: Path):
    path = tmp_path / "tokenizer.model"
    with pytest.raises(ConfigError, match="text vocabulary too small: got 200; expected at least 260"):
        train_tokenizer(TEXTS, size=200, path=path)
    with pytest.raises(ConfigError, match=r"cannot make 5000 pieces of \d+ lines: .*; fix: give more text"):
        train_tokenizer(TEXTS, size=5000, path=path)
    with pytest.raises(ConfigError, match="no text to train a tokenizer on"):
        train_tokenizer(["", " \n", "<extra_id_3>"], size=300, path=path)
    assert not path.exists()
