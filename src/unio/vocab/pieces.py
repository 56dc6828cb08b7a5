"""Adding user-defined pieces to a serialised SentencePiece model (spec section 3).

A SentencePiece file is one protocol-buffer message whose field 1 is the list of pieces. Two such
messages written one after the other read as one, with the lists joined; so pieces are added at the end
by appending their encoding, and the rest of the file stays as it is, byte for byte.
"""

import struct
from collections.abc import Iterable

__all__ = ["append_user_pieces", "encode_piece"]

USER_DEFINED = 4
"""The piece type that is cut out of a text before anything else is looked at."""

# A field's key is (number << 3) | wire type; wire types: 0 variable-length integer, 2 bytes, 5 four bytes.
MODEL_PIECES_KEY = (1 << 3) | 2
PIECE_TEXT_KEY = (1 << 3) | 2
PIECE_SCORE_KEY = (2 << 3) | 5
PIECE_TYPE_KEY = (3 << 3) | 0


def encode_varint(value: int) -> bytes:
    """A non-negative integer, seven bits a byte, lowest first."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def encode_piece(text: str, *, score: float, kind: int) -> bytes:
    """One piece as an entry of the model's list of pieces."""
    raw = text.encode()
    piece = (
        bytes([PIECE_TEXT_KEY])
        + encode_varint(len(raw))
        + raw
        + bytes([PIECE_SCORE_KEY])
        + struct.pack("<f", score)
        + bytes([PIECE_TYPE_KEY])
        + encode_varint(kind)
    )
    return bytes([MODEL_PIECES_KEY]) + encode_varint(len(piece)) + piece


def append_user_pieces(model: bytes, pieces: Iterable[str]) -> bytes:
    """The serialised ``model`` with ``pieces`` added behind its own, in order.

    Every blank of a piece, and its beginning, becomes the word-boundary mark: such a piece is
    recognised only at the start of a word, and takes the blank before it along.
    """
    marked = ["\u2581" + piece.replace(" ", "\u2581") for piece in pieces]
    return model + b"".join(encode_piece(piece, score=0.0, kind=USER_DEFINED) for piece in marked)
