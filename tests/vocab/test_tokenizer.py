import io
import json
import pickle
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from unio.core import InputError
from unio.vocab import TextTokenizer

TOKENS = Path(__file__).parents[1] / "conformance" / "data" / "tokens.json"
CASES = json.loads(TOKENS.read_text(encoding="utf-8"))["cases"]

ROUND_TRIPS = [
    "",
    "the red ball",
    " begins with a blank",
    "  two  spaces ",
    "def f(x):\n    return x+1\n",
    "tab\tand\r\nline\n\n",
    "naïve café 你好 🙂👍🏽",
    "[Text] [S] What is it?",
    "<extra_id_200> <extra_id_1199> red car",
    "<extra_id_200> <extra_id_1199> \n <extra_id_0>",
    "no blank<extra_id_300>(<extra_id_301>)",
    "1: pick from ( <extra_id_300> <extra_id_301> ) 🙂 and place to ( <extra_id_400> )",
    "<s></s><unk><0x0A>",
    "nul \0 byte",
]


@pytest.mark.parametrize("case", CASES, ids=[str(index) for index in range(len(CASES))])
def test_llama_ids_are_the_recorded_ones(llama: TextTokenizer, case: dict[str, str | list[int]]):
    assert llama.encode(str(case["text"])) == case["ids"]
    assert llama.decode(llama.encode(str(case["text"]))) == case["decoded"]


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_llama_text_comes_back(llama: TextTokenizer, text: str):
    assert llama.decode(llama.encode(text)) == text


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_text_comes_back(tokenizer: TextTokenizer, text: str):
    assert tokenizer.decode(tokenizer.encode(text)) == text


# The word-boundary mark itself is what SentencePiece writes for a blank.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\u2581"))
PARTS = st.lists(st.one_of(ANY_TEXT, st.sampled_from(["<extra_id_200>", "[Image] [S]", "<image_input>"])))


@given(PARTS)
def test_any_text_comes_back(tokenizer: TextTokenizer, parts: list[str]):
    text = " ".join(parts)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_added_piece_takes_the_blank_before_it(tokenizer: TextTokenizer):
    layout = tokenizer.layout
    ids = tokenizer.encode("[Text] [S] <image_input> <extra_id_200> <extra_id_1199>")
    assert ids == [
        layout.piece_id("[Text] [S]"),
        layout.piece_id("<image_input>"),
        layout.location_id(0),
        layout.location_id(999),
    ]


def test_added_piece_within_a_word_is_plain_text(tokenizer: TextTokenizer):
    ids = tokenizer.encode("x<extra_id_200> [Text][S]")
    assert max(ids) < tokenizer.layout.base_size


def test_words_around_added_pieces_are_as_without_them(tokenizer: TextTokenizer):
    location = tokenizer.layout.location_id(5)
    ids = tokenizer.encode("the ball <extra_id_205> is red")
    assert ids == [*tokenizer.encode("the ball"), location, *tokenizer.encode("is red")]


def test_digits_are_pieces_of_their_own(tokenizer: TextTokenizer):
    blank, *digits = tokenizer.encode("345")
    assert tokenizer.decode([blank]) == ""
    assert [tokenizer.decode([digit]) for digit in digits] == ["3", "4", "5"]


def test_length_is_cut_and_closed_with_the_end(tokenizer: TextTokenizer):
    ids = tokenizer.encode("the red ball is left of the blue box")
    assert tokenizer.encode("the red ball is left of the blue box", max_length=5) == [*ids[:4], 1]
    assert tokenizer.encode("the red ball is left of the blue box", max_length=99) == [*ids, 1]
    assert tokenizer.encode("", max_length=1) == [1]


def test_no_room_for_the_end_is_refused(tokenizer: TextTokenizer):
    with pytest.raises(InputError, match="no room for the end token: got max_length=0"):
        tokenizer.encode("red", max_length=0)


def test_decoding_skips_padding_and_stops_at_the_end(tokenizer: TextTokenizer):
    ids = tokenizer.encode("the red ball")
    assert tokenizer.decode([0, *ids, 0, 1, *ids, 0]) == "the red ball"


def test_unknown_and_unused_ids_read_as_unknown(tokenizer: TextTokenizer):
    unused = tokenizer.layout.size
    assert tokenizer.decode([2]).strip() == "⁇"
    assert tokenizer.decode([unused, unused + 5000, -4]).split() == ["⁇"] * 3


def test_lone_surrogate_is_refused(tokenizer: TextTokenizer):
    with pytest.raises(InputError, match="text is not valid Unicode: got a lone surrogate at character 2"):
        tokenizer.encode("ab\ud800")


def test_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"cannot read the tokenizer .*: got No such file or directory"):
        TextTokenizer.from_file(tmp_path / "tokenizer.model")


@pytest.mark.parametrize(
    ("content", "got"),
    [
        (b"", "an empty file"),
        (b'{"model": {}}', "a JSON file"),
        (b"IQ== 0\nIg== 1\n", "a tiktoken file, as Llama 3 has"),
        (b"\x0a\x05abc", "5 bytes that do not read as one"),
    ],
)
def test_other_files_are_refused_with_the_reason(tmp_path: Path, content: bytes, got: str):
    path = tmp_path / "tokenizer.model"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"is no SentencePiece model: got {got}"):
        TextTokenizer.from_file(path)


def test_cut_file_is_refused(small_model: Path, tmp_path: Path):
    path = tmp_path / "cut.model"
    path.write_bytes(small_model.read_bytes()[:900])
    with pytest.raises(InputError, match="is no SentencePiece model: got 900 bytes"):
        TextTokenizer.from_file(path)


def test_wrong_size_is_refused(small_model: Path):
    with pytest.raises(InputError, match="does not fit this model: got 350 pieces; expected 32000 pieces"):
        TextTokenizer.from_file(small_model, base_size=32000)


def test_tokenizer_travels_to_a_worker(tokenizer: TextTokenizer):
    copy = pickle.loads(pickle.dumps(tokenizer))
    text = "<extra_id_200> red ball 🙂"
    assert copy.layout == tokenizer.layout
    assert copy.encode(text) == tokenizer.encode(text)


def test_other_special_pieces_are_refused():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a red ball and a blue box"] * 3),
        model_writer=model,
        vocab_size=20,
        model_type="bpe",
        bos_id=-1,
        eos_id=1,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    with pytest.raises(InputError, match=r"special pieces elsewhere: got unknown, begin, end = \(0, -1, 1\)"):
        TextTokenizer(model.getvalue())
