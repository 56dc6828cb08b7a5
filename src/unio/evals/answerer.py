"""What can be evaluated: anything that answers a batch of examples.

The predictor is one; `CodecCeiling`, which hands back the truth as the codecs can hold it, is another.
"""

from collections.abc import Sequence
from typing import Protocol

from unio.data.tasks import Task
from unio.schema import DecodingOptions, Example, ModelOutput

__all__ = ["Answerer"]


class Answerer(Protocol):
    """Answers examples in order, one output each."""

    def decoding(self, task: Task) -> DecodingOptions:
        """How it decodes a task where nobody says otherwise."""
        ...

    def answer(self, examples: Sequence[Example], options: Sequence[DecodingOptions]) -> list[ModelOutput]:
        """The outputs of ``examples``, each decoded with its own options.

        An output depends on its example and its options alone, not on what is asked beside it.
        """
        ...
