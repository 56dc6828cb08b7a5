"""Rebuild a SentencePiece file from an npm package that holds its pieces as text.

    npm pack llama-tokenizer-js@1.2.2 && tar xzf llama-tokenizer-js-1.2.2.tgz
    python tests/vocab/rebuild_tokenizer.py package/llama-tokenizer.js tokenizer.model

The package holds LLaMA's 32,000 pieces in order; their scores are minus the place behind the bytes, so
nothing else is needed for SentencePiece to give LLaMA's ids. Mistral's first tokenizer is made the same way
from mistral-tokenizer-js 1.0.0, ``mistral-tokenizer.js``.
"""

import base64
import re
import sys
from pathlib import Path

from unio.vocab.pieces import encode_piece, encode_varint

NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
FIRST_NORMAL = 259
BLANK = "\u2581"


def read_pieces(script: str) -> list[str]:
    """The pieces of a package's script, in the order of their ids."""
    encoded = re.search(r'\b(?:llama_)?vocab_base64\s*=\s*"([A-Za-z0-9+/=]+)"', script)
    assert encoded is not None, "no vocabulary in the script"
    return base64.b64decode(encoded.group(1)).decode().split("\n")


def piece_kind(place: int) -> int:
    """Type of the piece with id ``place``."""
    if place == 0:
        return UNKNOWN
    if place < 3:
        return CONTROL
    return BYTE if place < FIRST_NORMAL else NORMAL


def piece_score(place: int, piece: str) -> float:
    """Merge order of the piece with id ``place``; runs of blanks are merged last."""
    if place < FIRST_NORMAL:
        return 0.0
    return -1e9 if len(piece) > 1 and not piece.strip(BLANK) else float(FIRST_NORMAL - place)


def integer_field(number: int, value: int) -> bytes:
    return encode_varint(number << 3) + encode_varint(value)


def message_field(number: int, content: bytes) -> bytes:
    return encode_varint(number << 3 | 2) + encode_varint(len(content)) + content


def build_model(pieces: list[str]) -> bytes:
    """A serialised byte-pair model: no normalisation, a blank put in front, bytes for what is missing."""
    listed = b"".join(
        encode_piece(piece, score=piece_score(place, piece), kind=piece_kind(place))
        for place, piece in enumerate(pieces)
    )
    trainer = integer_field(3, 2) + integer_field(4, len(pieces)) + integer_field(35, 1)
    normaliser = message_field(1, b"identity") + integer_field(3, 1) + integer_field(4, 0)
    return listed + message_field(2, trainer) + message_field(3, normaliser)


def rebuild(script: Path, model: Path) -> None:
    """Read the package's script, write ``tokenizer.model``."""
    model.write_bytes(build_model(read_pieces(script.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    rebuild(Path(sys.argv[1]), Path(sys.argv[2]))
