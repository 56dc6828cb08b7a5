"""The playroom as a source: scenes, sounds and pushes as records of plain fields, and as examples."""

from unio.data.sources.playroom.acting import Policy, PushTrial, closed_loop
from unio.data.sources.playroom.source import PlayroomSource
from unio.data.sources.playroom.texts import playroom_texts

__all__ = ["PlayroomSource", "Policy", "PushTrial", "closed_loop", "playroom_texts"]
