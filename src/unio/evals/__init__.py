"""Measuring: examples answered and scored, the codecs' ceiling, the score table and the demo page."""
