"""LLaMA's own tokenizer, and others of its size, where packages that ship them are at hand."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vocab.packed_tokenizers import MISTRAL, rebuilt_tokenizer
from unio.core import InputError
from unio.vocab import LLAMA_SIZE, TextTokenizer, check_llama, is_llama
from unio.vocab.pieces import encode_piece

ROUND_TRIPS = [
    "<extra_id_200> <extra_id_1199> red car <extra_id_0>",
    "naïve café 你好 🙂👍🏽",
    "def f(x):\n    if x:\n\treturn x+1  # two  blanks\n",
    "line\n\n\nline\r\n <image_input> [Text] [S] end",
]


@pytest.fixture(scope="module")
def mistral(tmp_path_factory: pytest.TempPathFactory) -> TextTokenizer:
    """Mistral's first tokenizer, as many pieces as LLaMA's: mistral-common's file, or one rebuilt by npm."""
    package = importlib.util.find_spec("mistral_common")
    if package is not None and package.origin is not None:
        path = Path(package.origin).parent / "data" / "tokenizer.model.v1"
    else:
        path = rebuilt_tokenizer(MISTRAL, tmp_path_factory.mktemp("mistral"))
    return TextTokenizer.from_file(path, base_size=LLAMA_SIZE)


def test_llama_is_recognised(llama: TextTokenizer):
    assert is_llama(llama)
    check_llama(llama, name="llama")


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_llama_gives_every_text_back(llama: TextTokenizer, text: str):
    assert llama.decode(llama.encode(text)) == text


PARTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2581")),
        st.integers(200, 1199).map(lambda number: f"<extra_id_{number}>"),
        st.sampled_from(
            ["🙂👍🏽", "👩‍🚀", "def f(x):\n\treturn [x] * 2  # é", "\n\n", "\r\n", "  ", "[Image] [S]"]
        ),
    )
)
"""Words, places, emoji of several code points, code and line ends, in any order."""


@given(PARTS)
@settings(deadline=None)
def test_llama_gives_any_mixture_back(llama: TextTokenizer, parts: list[str]):
    for text in (" ".join(parts), "".join(parts)):
        assert llama.decode(llama.encode(text)) == text


@given(PARTS)
@settings(deadline=None)
def test_mistral_gives_any_mixture_back(mistral: TextTokenizer, parts: list[str]):
    text = " ".join(parts)
    assert mistral.decode(mistral.encode(text)) == text


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_mistral_gives_every_text_back(mistral: TextTokenizer, text: str):
    assert mistral.decode(mistral.encode(text)) == text


def test_added_pieces_have_the_same_ids_behind_any_base_of_that_size(mistral: TextTokenizer):
    assert mistral.encode("[Text] [S] <image_input> <extra_id_200>") == [33218, 33216, 32999]


def test_mistral_is_told_from_llama(mistral: TextTokenizer):
    assert not is_llama(mistral)
    with pytest.raises(
        InputError,
        match=r"is not the tokenizer of LLaMA 1 and 2: got 'Where is the red ball\?' as \[6926, .*; expected",
    ):
        check_llama(mistral, name="tokenizer.model.v1")


def test_another_size_is_refused(tokenizer: TextTokenizer):
    assert not is_llama(tokenizer)
    with pytest.raises(
        InputError, match=r"small is not the .* LLaMA 1 and 2: got 350 pieces; expected 32,000; fix"
    ):
        check_llama(tokenizer, name="small")


def test_other_pieces_of_the_same_number_are_refused(tokenizer: TextTokenizer):
    fillers = (
        encode_piece(f"\u2581filler{number}", score=-1e6, kind=1) for number in range(LLAMA_SIZE - 350)
    )
    stranger = TextTokenizer(tokenizer.file_bytes + b"".join(fillers))
    assert stranger.layout.base_size == LLAMA_SIZE
    with pytest.raises(InputError, match="stranger is not the tokenizer of LLaMA 1 and 2: got 'Where is"):
        check_llama(stranger, name="stranger")
