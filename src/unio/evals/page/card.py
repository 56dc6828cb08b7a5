"""What the page shows of one example: a card with panels side by side, each of figures, sounds or words."""

from dataclasses import dataclass

__all__ = ["Card", "Figure", "Item", "Panel", "Player", "Strip", "Words"]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A still or moving picture as a data URI; ``caption`` is its alternative text, shown when asked to."""

    uri: str
    caption: str
    show_caption: bool = False


@dataclass(frozen=True, kw_only=True)
class Player:
    """A sound to play and its spectrogram, both as data URIs."""

    uri: str
    spectrogram: Figure


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words, such as a question or an answer."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Strip:
    """Frames of a video, oldest first, two in a row."""

    frames: tuple[Figure, ...]


Item = Figure | Player | Strip | Words


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One column of a card: "Input", "Truth" or "Answer", and what is in it."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One example of one family: what was asked, and in panels what was given, true, and answered.

    ``scores`` are its own, ``seconds`` is the time its answer took.
    """

    task: str
    group: str
    title: str
    prompt: str
    panels: tuple[Panel, ...]
    scores: dict[str, float]
    seconds: float
