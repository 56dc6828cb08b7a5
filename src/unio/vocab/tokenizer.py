"""`TextTokenizer`: text to ids and back, over a SentencePiece base (spec section 3)."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from sentencepiece import SentencePieceProcessor

from unio.core import InputError
from unio.vocab.layout import ADDED_PIECES, VocabLayout
from unio.vocab.pieces import append_user_pieces

__all__ = ["TextTokenizer"]

# A SentencePiece file of the LLaMA family begins with (unknown, begin, end); the model's first three
# ids are (padding and begin, end, unknown). All other ids are the same on both sides.
TO_OURS = {0: VocabLayout.unknown_id, 1: VocabLayout.pad_id, 2: VocabLayout.end_id}
TO_FILE = {ours: filed for filed, ours in TO_OURS.items()}


class TextTokenizer:
    """Turns text into ids and ids into text; location tokens, sentinels and prefixes are pieces of text.

    An added piece is recognised at the start of a word and takes the blank before it along, so that
    ``"red <extra_id_200>"`` has one id for the location and decodes to the same text.

    Example::

        tokenizer = TextTokenizer.from_file("tokenizer.model")       # the LLaMA 1/2 vocabulary
        tokenizer.encode("[Text] [X] the <extra_id_0> sat")          # [33220, 278, 33199, 3290]
        tokenizer.decode([33220, 278, 33199, 3290])                  # "[Text] [X] the <extra_id_0> sat"
    """

    def __init__(self, model: bytes, *, name: str = "the tokenizer") -> None:
        """Read a serialised SentencePiece model; ``name`` is what errors call it."""
        self.file_bytes = model
        """The file as it was read, to be saved beside a model."""
        base = _load(model, name)
        special = (base.unk_id(), base.bos_id(), base.eos_id())
        if special != (0, 1, 2):
            raise InputError(
                f"{name} has its special pieces elsewhere",
                got=f"unknown, begin, end = {special}",
                expected="(0, 1, 2), as LLaMA 1 and 2 have them",
            )
        self.layout = VocabLayout(base_size=base.get_piece_size())
        self._processor = _load(append_user_pieces(model, ADDED_PIECES), name)

    @classmethod
    def from_file(cls, path: str | Path, *, base_size: int | None = None) -> "TextTokenizer":
        """Read a ``tokenizer.model`` file.

        ``base_size`` is how many pieces it must have, None for any number. Raises ``InputError`` if
        the file is missing, is no SentencePiece model, or is of another size.
        """
        path = Path(path)
        try:
            model = path.read_bytes()
        except OSError as error:
            raise InputError(
                f"cannot read the tokenizer {path}",
                got=error.strerror,
                expected="a SentencePiece file (tokenizer.model)",
            ) from error
        tokenizer = cls(model, name=str(path))
        if base_size is not None and tokenizer.layout.base_size != base_size:
            raise InputError(
                f"{path} does not fit this model",
                got=f"{tokenizer.layout.base_size} pieces",
                expected=f"{base_size} pieces",
                fix="use the tokenizer the model was trained with",
            )
        return tokenizer

    def encode(self, text: str, *, max_length: int | None = None) -> list[int]:
        """The ids of ``text``.

        With ``max_length`` the text is cut to ``max_length - 1`` ids and closed with the end id;
        without, no end id is added. Raises ``InputError`` for text that is no valid Unicode.
        """
        try:
            raw = text.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                "text is not valid Unicode",
                got=f"a lone surrogate at character {error.start}",
                expected="text that can be written as UTF-8",
            ) from error
        filed = cast(list[int], self._processor.encode(raw, out_type=int))
        ids = [TO_OURS.get(token_id, token_id) for token_id in filed]
        if max_length is None:
            return ids
        if max_length < 1:
            raise InputError(
                "no room for the end token", got=f"max_length={max_length}", expected="1 or more"
            )
        return [*ids[: max_length - 1], self.layout.end_id]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of ``ids``: padding is skipped, the end id ends it, unused rows read as unknown."""
        filed: list[int] = []
        for token_id in ids:
            if token_id == self.layout.end_id:
                break
            if token_id == self.layout.pad_id:
                continue
            known = 0 <= token_id < self.layout.size
            filed.append(
                TO_FILE.get(int(token_id), int(token_id)) if known else TO_FILE[self.layout.unknown_id]
            )
        return cast(str, self._processor.decode(filed))


def _load(model: bytes, name: str) -> SentencePieceProcessor:
    """A processor over a serialised model, or an error that says what the bytes are instead."""
    processor = SentencePieceProcessor()
    try:
        loaded = bool(model) and bool(processor.LoadFromSerializedProto(model))
    except (RuntimeError, ValueError, TypeError) as error:
        raise _not_a_model(model, name) from error
    if not loaded or processor.get_piece_size() == 0:
        raise _not_a_model(model, name)
    return processor


def _not_a_model(model: bytes, name: str) -> InputError:
    """Why ``model`` could not be read, with the look-alikes named."""
    if not model:
        got = "an empty file"
    elif model[:1] == b"{":
        got = "a JSON file (a tokenizer.json is another format)"
    elif model[:64].split(b"\n")[0].endswith(b" 0"):
        got = "a tiktoken file, as Llama 3 has"
    else:
        got = f"{len(model):,} bytes that do not read as one"
    return InputError(f"{name} is no SentencePiece model", got=got, expected="a LLaMA 1/2 tokenizer.model")
