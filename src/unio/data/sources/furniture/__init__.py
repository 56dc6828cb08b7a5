"""Rooms with pieces of a catalogue of furniture, as records of the families that look at pictures."""

from unio.data.sources.furniture.rooms import Furniture

__all__ = ["Furniture"]
