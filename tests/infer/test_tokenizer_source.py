import hashlib
import warnings
from pathlib import Path

import pytest

from unio.core import InputError
from unio.data.sources.playroom import PlayroomSource
from unio.infer import model_folder
from unio.infer.tokenizer_source import LLAMA_ROWS, find_tokenizer
from unio.vocab import TextTokenizer
from unio.vocab.pieces import encode_piece

ROWS = 1536


def grown(tokenizer_file: Path, size: int, path: Path) -> Path:
    """A tokenizer of ``size`` pieces: the small one with fillers behind."""
    model = tokenizer_file.read_bytes()
    present = TextTokenizer(model).layout.base_size
    fillers = (encode_piece(f"\u2581filler{n}", score=-1e6, kind=1) for n in range(size - present))
    path.write_bytes(model + b"".join(fillers))
    return path


def test_it_is_looked_for_in_the_models_folder(tokenizer_file: Path):
    found = find_tokenizer(None, folder=tokenizer_file.parent, rows=ROWS)
    assert found.layout.base_size == 280
    assert found.file_bytes == tokenizer_file.read_bytes()


def test_a_file_or_a_folder_may_be_named(tokenizer_file: Path, tmp_path: Path):
    for source in (tokenizer_file, str(tokenizer_file), tokenizer_file.parent):
        assert find_tokenizer(source, folder=tmp_path, rows=ROWS).layout.base_size == 280


def test_nowhere_to_be_found(tmp_path: Path):
    with pytest.raises(
        InputError,
        match=r"has no tokenizer: got no tokenizer.model there, and no other place .*; fix: accept the "
        r"licence of meta-llama/Llama-2-7b-hf .* or give the path of a LLaMA 1 or 2 tokenizer.model",
    ):
        find_tokenizer(None, folder=tmp_path, rows=LLAMA_ROWS)
    with pytest.raises(InputError, match="fix: copy the tokenizer the model was trained with there"):
        find_tokenizer(None, folder=tmp_path, rows=ROWS)
    with pytest.raises(
        InputError, match=r"no tokenizer at .*gone.model: expected a tokenizer.model, a folder"
    ):
        find_tokenizer(tmp_path / "gone.model", folder=tmp_path, rows=ROWS)


def test_a_llama_3_file_is_refused_with_the_reason(tmp_path: Path):
    (tmp_path / "tokenizer.model").write_bytes(b"IQ== 0\nIg== 1\n")
    with pytest.raises(InputError, match="is no SentencePiece model: got a tiktoken file, as Llama 3 has"):
        find_tokenizer(None, folder=tmp_path, rows=LLAMA_ROWS)


def test_another_size_is_refused_even_where_rounding_hides_it(tokenizer_file: Path, tmp_path: Path):
    with pytest.raises(
        InputError, match="does not fit the model: got 1536 text ids; expected 33280, as many"
    ):
        find_tokenizer(tokenizer_file, folder=tmp_path, rows=LLAMA_ROWS)
    code_llama = grown(tokenizer_file, 32016, tmp_path / "code.model")
    with pytest.raises(
        InputError, match="does not fit the model: got 32,016 pieces; expected 32,000, as LLaMA"
    ):
        find_tokenizer(code_llama, folder=tmp_path, rows=LLAMA_ROWS)


def test_a_stranger_of_the_right_size_is_refused_for_released_weights(tokenizer_file: Path, tmp_path: Path):
    stranger = grown(tokenizer_file, 32000, tmp_path / "stranger.model")
    with pytest.raises(
        InputError, match=r"stranger.model is not the tokenizer of LLaMA 1 and 2: got 'Where is"
    ):
        find_tokenizer(stranger, folder=tmp_path, rows=LLAMA_ROWS, must_be_llama=True)


def test_and_is_a_warning_for_others(tokenizer_file: Path, tmp_path: Path):
    stranger = grown(tokenizer_file, 32000, tmp_path / "stranger.model")
    with pytest.warns(
        UserWarning, match="stranger.model has as many pieces as LLaMA's tokenizer but is another"
    ):
        assert find_tokenizer(stranger, folder=tmp_path, rows=LLAMA_ROWS).layout.base_size == 32000
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        find_tokenizer(tokenizer_file, folder=tmp_path, rows=ROWS)


NANO = "917ba8db6741ea004cc4a7ea82969fe90ea531d774fd559911c68dcf878b7849"
"""SHA-256 of the tokenizer of unio-nano. Its weights mean nothing with another, however alike."""


def test_nano_keeps_the_tokenizer_it_was_trained_with():
    assert hashlib.sha256((model_folder("unio-nano") / "tokenizer.model").read_bytes()).hexdigest() == NANO


def test_nanos_tokenizer_writes_every_family_of_the_playroom():
    tokenizer = TextTokenizer.from_file(model_folder("unio-nano") / "tokenizer.model")
    source = PlayroomSource(split="test", size=32)
    for family in source.families():
        example = source.example(family, 0, 3)
        for text in (example.prompt, example.target_text or ""):
            ids = tokenizer.encode(text)
            assert tokenizer.layout.unknown_id not in ids, family
            assert tokenizer.decode(ids) == text
