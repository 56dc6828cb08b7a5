"""Arithmetic that several families' scores share: overlap of boxes, words, pictures, colours, maps."""
