"""The streams that go in and the targets that come out (spec section 1)."""

from enum import StrEnum

__all__ = ["InputModality", "Paradigm", "TargetModality", "prompt_prefix"]


class InputModality(StrEnum):
    """The five encoder streams, in the order in which the encoder sees them (spec section 8)."""

    TEXT = "text"
    IMAGE = "image"
    IMAGE_HISTORY = "image_history"
    AUDIO = "audio"
    AUDIO_HISTORY = "audio_history"


class TargetModality(StrEnum):
    """What a decoder row can be."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"


class Paradigm(StrEnum):
    """Denoising paradigm, written into the prompt's prefix (spec sections 3 and 12)."""

    SEQUENTIAL = "S"
    REGULAR = "R"
    EXTREME = "X"


def prompt_prefix(target: TargetModality, paradigm: Paradigm = Paradigm.SEQUENTIAL) -> str:
    """The piece that begins every model input, such as ``[Image] [S]``."""
    return f"[{target.value.capitalize()}] [{paradigm.value}]"
