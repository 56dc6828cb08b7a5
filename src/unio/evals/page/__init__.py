"""The demo page: one HTML file that holds all it shows and asks the network for nothing."""

from unio.evals.page.card import Card, Figure, Panel, Player, Strip, Words
from unio.evals.page.compose import compose_page

__all__ = ["Card", "Figure", "Panel", "Player", "Strip", "Words", "compose_page"]
