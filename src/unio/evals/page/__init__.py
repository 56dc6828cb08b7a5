"""The demo page: one HTML file that holds all it shows and asks the network for nothing."""

from unio.evals.page.card import Card, Figure, Panel, Player, Words
from unio.evals.page.compose import compose_page

__all__ = ["Card", "Figure", "Panel", "Player", "Words", "compose_page"]
