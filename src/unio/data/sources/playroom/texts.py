"""All that is written in the playroom: the text a tokenizer is trained on."""

import re
from collections.abc import Iterator

from unio.data.sources.playroom.source import PlayroomSource

__all__ = ["playroom_texts"]

_MEDIA = r"<(?:extra_id_\d+|(?:image|audio)_(?:input|history_\d))>"
_ADDED = re.compile(_MEDIA + r"|\[\w+\] \[[SRX]\]")


def playroom_texts(count: int, *, seed: int = 0) -> Iterator[str]:
    """Prompts and text targets of ``count`` training scenes, one example of every family a scene.

    Location, media and prefix pieces are left out: the vocabulary adds them by itself (spec section 3).
    """
    source = PlayroomSource(split="train", examples_per_scene=1)
    for index in range(count):
        for family in source.families():
            example = source.example(family, seed, index)
            for text in (example.prompt, example.target_text or ""):
                plain = " ".join(_ADDED.sub(" ", text).split())
                if plain:
                    yield plain
