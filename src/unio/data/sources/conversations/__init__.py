"""Conversations with pictures, sounds and videos in their places: JSONL, JSON and Parquet in 3 dialects."""

from unio.data.sources.conversations.dataset import Conversations, find_problems
from unio.data.sources.conversations.line import Conversation, Turn

__all__ = ["Conversation", "Conversations", "Turn", "find_problems"]
