"""The best score the discrete codecs allow: the truth itself, encoded, decoded, and scored as an answer.

Text goes the same way, through the tokenizer: its ceiling is what the vocabulary can spell and the
1000 location bins can hold.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor

from unio.core import InputError
from unio.data.collate import collate
from unio.data.features import featurise
from unio.data.tasks import Task
from unio.infer.decoding import Decoded
from unio.infer.outputs import make_outputs
from unio.model import UnifiedIO
from unio.schema import DecodingOptions, Example, ModelOutput
from unio.vocab import TextTokenizer

__all__ = ["CodecCeiling"]


class CodecCeiling:
    """An answerer that knows the truth and can only say it in the model's codes."""

    def __init__(self, model: UnifiedIO, tokenizer: TextTokenizer) -> None:
        self._model = model
        self._tokenizer = tokenizer

    def decoding(self, task: Task) -> DecodingOptions:
        """The task's own: nothing is decoded, and nothing depends on it."""
        return task.decoding

    @torch.inference_mode()
    def answer(self, examples: Sequence[Example], options: Sequence[DecodingOptions]) -> list[ModelOutput]:
        """The targets of ``examples``, all of one modality, as they come back; ``options`` change nothing.

        Raises `InputError` for examples of several modalities or without a target.
        """
        del options
        geometry = self._model.config.geometry
        features = [featurise(one, tokenizer=self._tokenizer, geometry=geometry) for one in examples]
        batch = self._model.tokenize_targets(collate(features, geometry=geometry).map(self._to_device))
        if len(batch.targets) != 1:
            raise InputError(
                "no single target to encode",
                got=", ".join(batch.targets) or "no target",
                expected="examples of one family, with their targets",
            )
        ((modality, target),) = batch.targets.items()
        ids = cast(Tensor, target.ids)
        unknown = torch.full((len(ids),), float("nan"))
        return make_outputs(
            Decoded(ids=ids, log_probability=unknown),
            modality=modality,
            model=self._model,
            tokenizer=self._tokenizer,
        )

    def _to_device(self, array: np.ndarray) -> Tensor:
        return torch.as_tensor(array).to(self._model.device)
