"""`VocabLayout`: which id means what in the text vocabulary (spec section 3)."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from unio.core import ConfigError
from unio.schema import Paradigm, TargetModality, prompt_prefix

__all__ = ["ADDED_PIECES", "LOCATION_BINS", "VocabLayout"]

LOCATION_BINS = 1000
"""Location tokens: bins 0 to 999 of the unit interval."""

SENTINELS = 200
"""Span sentinels, which stand for what a denoiser took out."""

HISTORY_PIECES = 8
"""Numbered places a prompt can give to history frames, and as many to history segments."""


def _added_pieces() -> tuple[str, ...]:
    """The pieces behind the base vocabulary, in the order of their ids."""
    # Both the location tokens and the sentinels are numbered backwards: the highest comes first.
    extra = [f"<extra_id_{number}>" for number in reversed(range(SENTINELS + LOCATION_BINS))]
    history = [
        f"<{kind}_history_{number}>" for number in range(1, HISTORY_PIECES + 1) for kind in ("image", "audio")
    ]
    prefixes = [
        prompt_prefix(TargetModality.TEXT, Paradigm.SEQUENTIAL),
        prompt_prefix(TargetModality.TEXT, Paradigm.REGULAR),
        prompt_prefix(TargetModality.TEXT, Paradigm.EXTREME),
        prompt_prefix(TargetModality.IMAGE, Paradigm.SEQUENTIAL),
        prompt_prefix(TargetModality.IMAGE, Paradigm.REGULAR),
        prompt_prefix(TargetModality.AUDIO, Paradigm.SEQUENTIAL),
        prompt_prefix(TargetModality.AUDIO, Paradigm.REGULAR),
    ]
    return (*extra, *history, "<image_input>", "<audio_input>", *prefixes)


ADDED_PIECES = _added_pieces()
"""The 1225 pieces that follow the base vocabulary, without their word-boundary mark."""


@dataclass(frozen=True, kw_only=True)
class VocabLayout:
    """Ids of the text vocabulary, for a SentencePiece base of ``base_size`` pieces (32,000 for LLaMA).

    ==========================  =========================================================
    ids                         meaning
    ==========================  =========================================================
    0                           padding, and what every decoder begins with
    1 / 2                       end of sequence / unknown
    3 .. base - 1               base pieces, unchanged
    base .. base + 999          location tokens, bin 999 first
    base + 1000 .. base + 1199  span sentinels, ``<extra_id_199>`` first
    base + 1200 .. base + 1224  names of media, then the prompt prefixes
    up to ``padded_size``       unused rows
    ==========================  =========================================================

    Example::

        layout = VocabLayout(base_size=32000)
        layout.location_id(0)                # 32999, the piece <extra_id_200>
        layout.piece_id("<image_input>")     # 33216
        layout.padded_size                   # 33280
    """

    base_size: int

    pad_id: ClassVar[int] = 0
    end_id: ClassVar[int] = 1
    unknown_id: ClassVar[int] = 2

    def __post_init__(self) -> None:
        if self.base_size <= self.unknown_id:
            raise ConfigError(
                "text vocabulary too small", got=self.base_size, expected="more than the 3 special pieces"
            )

    @property
    def location_start(self) -> int:
        """First id of the location tokens (bin 999)."""
        return self.base_size

    @property
    def location_end(self) -> int:
        """One behind the last id of the location tokens."""
        return self.base_size + LOCATION_BINS

    @property
    def sentinel_start(self) -> int:
        """First id of the span sentinels (the highest number)."""
        return self.location_end

    @property
    def sentinel_end(self) -> int:
        """One behind the last id of the span sentinels."""
        return self.location_end + SENTINELS

    @property
    def size(self) -> int:
        """Ids that mean something: the base and the added pieces."""
        return self.base_size + len(ADDED_PIECES)

    @property
    def padded_size(self) -> int:
        """Rows of the embedding table: ``size`` rounded up to a multiple of 128."""
        return -(-self.size // 128) * 128

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {piece: self.base_size + place for place, piece in enumerate(ADDED_PIECES)}

    def location_id(self, location_bin: int) -> int:
        """The id of a bin of the unit interval. Raises ``ConfigError`` outside 0..999."""
        if not 0 <= location_bin < LOCATION_BINS:
            raise ConfigError("no such location bin", got=location_bin, expected="0 to 999")
        return self.location_end - 1 - location_bin

    def bin_of(self, token_id: int) -> int | None:
        """The bin a location token stands for; None for every other id."""
        if not self.location_start <= token_id < self.location_end:
            return None
        return self.location_end - 1 - token_id

    def sentinel_id(self, number: int) -> int:
        """The id of span sentinel ``<extra_id_number>``. Raises ``ConfigError`` outside 0..199."""
        if not 0 <= number < SENTINELS:
            raise ConfigError("no such span sentinel", got=number, expected="0 to 199")
        return self.sentinel_end - 1 - number

    def piece_id(self, piece: str) -> int:
        """The id of an added piece, such as ``<audio_input>`` or ``[Image] [S]``."""
        try:
            return self._ids[piece]
        except KeyError:
            raise ConfigError(
                "no such added piece", got=repr(piece), expected="a piece such as <extra_id_0> or [Text] [S]"
            ) from None
