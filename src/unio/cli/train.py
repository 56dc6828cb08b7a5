"""``unio train``"""


def train() -> None:
    """X"""
