"""Put cards and the score table into ``page.html``. Every text is escaped here and nowhere else."""

import math
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from unio.evals.page.card import Card, Figure, Item, Panel, Player, Strip
from unio.evals.report import COLUMNS, table_rows
from unio.evals.summary import TaskSummary

__all__ = ["compose_page"]


def compose_page(
    cards: Sequence[Card],
    *,
    facts: dict[str, str],
    summaries: Sequence[TaskSummary],
    table_note: str,
) -> str:
    """The whole page as HTML.

    ``facts`` are the short lines under the title (model, device, time), ``summaries`` the rows of the
    score table and ``table_note`` the sentence that says where they come from.
    """
    resources = files("unio.evals.page")
    template = Template(resources.joinpath("page.html").read_text(encoding="utf-8"))
    groups = list(dict.fromkeys(card.group for card in cards))
    return template.substitute(
        style=resources.joinpath("page.css").read_text(encoding="utf-8"),
        facts="".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in facts.items()
        ),
        contents="".join(f'<a href="#{anchor(group)}">{escape(group)}</a>' for group in groups),
        cards="\n".join(
            group_html(group, [card for card in cards if card.group == group]) for group in groups
        ),
        table=table_html(summaries) if summaries else "",
        table_note=escape(table_note),
    )


def anchor(text: str) -> str:
    """A name for a place on the page: letters, digits and dashes."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def group_html(group: str, cards: Sequence[Card]) -> str:
    """The cards of one group, the first of them the place that the top of the page links to."""
    first, *others = cards
    return "\n".join([card_html(first, place=anchor(group)), *(card_html(card) for card in others)])


def card_html(card: Card, *, place: str = "") -> str:
    """One example: heading, what was asked, panels side by side, its scores."""
    scores = "".join(
        f"<li>{escape(name.replace('_', ' '))} <b>{value:.2f}</b></li>"
        for name, value in card.scores.items()
        if not math.isnan(value)
    )
    identity = f' id="{place}"' if place else ""
    return (
        f'<article class="card"{identity}><header><h2>{escape(card.title)}</h2>'
        f'<p class="kind"><code>{escape(card.task)}</code> {escape(card.group)} '
        f'<span class="time">{card.seconds:.2f} s</span></p></header>'
        f'<p class="prompt">{escape(card.prompt)}</p>'
        f'<div class="panels">{"".join(panel_html(panel) for panel in card.panels)}</div>'
        f'<ul class="scores">{scores}</ul></article>'
    )


def panel_html(panel: Panel) -> str:
    """One column of a card."""
    items = "".join(item_html(item) for item in panel.items)
    return f'<div class="panel {anchor(panel.heading)}"><h3>{escape(panel.heading)}</h3>{items}</div>'


def item_html(item: Item) -> str:
    """A picture, a sound with its spectrogram, or a paragraph."""
    if isinstance(item, Figure):
        caption = f"<figcaption>{escape(item.caption)}</figcaption>" if item.show_caption else ""
        return f'<figure><img src="{item.uri}" alt="{escape(item.caption)}" loading="lazy">{caption}</figure>'
    if isinstance(item, Strip):
        return f'<div class="strip">{"".join(item_html(frame) for frame in item.frames)}</div>'
    if isinstance(item, Player):
        audio = f'<audio controls preload="none" src="{item.uri}"></audio>'
        return f'<div class="sound">{item_html(item.spectrogram)}</div>{audio}'
    return f"<p>{escape(item.text)}</p>"


def table_html(summaries: Sequence[TaskSummary]) -> str:
    """The score table, with a bar from chance (empty) to the codec's ceiling (full)."""
    head = "".join(f"<th>{escape(name)}</th>" for name in (*COLUMNS, "from chance to ceiling"))
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}"
        f'<td><span class="bar"><i style="width:{100 * share_of_way(row):.0f}%"></i></span></td></tr>'
        for row, cells in zip(summaries, table_rows(summaries), strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def share_of_way(row: TaskSummary) -> float:
    """How far from chance (0) towards the codec's ceiling (1) the score is; works in both directions.

    Where no ceiling was measured the perfect score stands in: 1, or 0 where lower is better. Codecs that
    let nothing better than chance through leave no way to go: 0.
    """
    ceiling = row.ceiling if row.ceiling is not None else float(row.higher_is_better)
    direction = 1 if row.higher_is_better else -1
    way = (ceiling - row.chance) * direction
    return min(1.0, max(0.0, (row.score - row.chance) * direction / way)) if way > 0 else 0.0
