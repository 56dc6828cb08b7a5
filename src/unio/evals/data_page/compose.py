"""Put shots of examples into one HTML file. Every text is escaped here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files

from unio.data.denoise import ShownMedium
from unio.data.showing import FeaturesView, Piece
from unio.evals.page.data_uri import picture_uri

__all__ = ["Section", "Shot", "compose_data_page"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Shot:
    """One example: where it comes from, what the model gets, the media as given, and the truth."""

    place: str
    view: FeaturesView
    given: tuple[ShownMedium, ...] = ()
    truth: tuple[ShownMedium, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, eq=False)
class Section:
    """Shots under a heading, with a sentence about them."""

    heading: str
    note: str
    shots: tuple[Shot, ...]


def compose_data_page(title: str, *, facts: Mapping[str, str], sections: Sequence[Section]) -> str:
    """The whole page. ``facts`` are the short lines under the title: source, model, tokenizer, codecs."""
    style = files("unio.evals.data_page").joinpath("data_page.css").read_text(encoding="utf-8")
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    body = "\n".join(_section(section) for section in sections if section.shots)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>"
        f"<header><h1>{escape(title)}</h1><dl>{lines}</dl></header>\n<main>{body}</main></body></html>\n"
    )


def _section(section: Section) -> str:
    shots = "\n".join(_shot(shot) for shot in section.shots)
    return f"<section><h2>{escape(section.heading)}</h2><p>{escape(section.note)}</p>\n{shots}</section>"


def _shot(shot: Shot) -> str:
    view = shot.view
    cut = " <b>cut at the text's length</b>" if view.is_cut else ""
    lengths = f"{view.encoder_length} places in the encoder, {view.codes} in the decoder{cut}"
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in shot.facts.items())
    truth = _pictures(shot.truth) + (f"<dl>{facts}</dl>" if facts else "")
    goes_in = _pieces(view.prompt) + _pictures((*view.inputs, *shot.given))
    comes_out = _pieces(view.answer) + _pictures(view.targets)
    return (
        f"<article><h3><code>{escape(view.name)}</code> <i>{escape(view.title)}</i> "
        f"<small>{escape(shot.place)}</small></h3><p class='lengths'>{lengths}</p><div class='columns'>"
        f"<div><h4>goes in: {len(view.prompt)} tokens</h4>{goes_in}</div>"
        f"<div><h4>comes out: {view.codes} {'tokens' if view.answer else 'codes'}</h4>{comes_out}</div>"
        f"<div><h4>ground truth</h4>{truth or '<p>none beside the target</p>'}</div></div></article>"
    )


def _pieces(pieces: Sequence[Piece]) -> str:
    if not pieces:
        return ""
    marks = "".join(
        f'<span class="{"added" if piece.is_added else "word"}">{escape(piece.text) or "&nbsp;"}'
        f"<sub>{piece.id}</sub></span>"
        for piece in pieces
    )
    return f'<p class="pieces">{marks}</p>'


def _pictures(shown: Sequence[ShownMedium]) -> str:
    if not shown:
        return ""
    figures = "".join(
        f'<figure><img src="{picture_uri(one.picture)}" alt="{escape(one.label)}">'
        f"<figcaption>{escape(one.label)}</figcaption></figure>"
        for one in shown
    )
    return f'<div class="pictures">{figures}</div>'
