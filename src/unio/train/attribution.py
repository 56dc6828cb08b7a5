"""The loss told apart by task family and by paradigm: where a mixture learns and where it does not."""

from collections.abc import Mapping

import numpy as np

from unio.data import TextEncoder
from unio.model import LossReport
from unio.schema import Batch, InputModality, Paradigm, TargetModality, prompt_prefix
from unio.train.step_report import Sums, add_sums

__all__ = ["paradigms_by_id", "sums_by_kind"]


def paradigms_by_id(tokenizer: TextEncoder) -> dict[int, Paradigm]:
    """The id that a prompt of each paradigm begins with, for the prefixes the vocabulary has as one piece."""
    found: dict[int, Paradigm] = {}
    for modality in TargetModality:
        for paradigm in Paradigm:
            ids = tokenizer.encode(prompt_prefix(modality, paradigm))
            if len(ids) == 1:
                found[ids[0]] = paradigm
    return found


def sums_by_kind(batch: Batch[np.ndarray], report: LossReport, *, paradigms: Mapping[int, Paradigm]) -> Sums:
    """``task/<name>`` and ``paradigm/<letter>`` -> sums over the batch's counted target tokens.

    Empty for a batch that does not name the task of each of its examples.
    """
    sums: Sums = {}
    if len(batch.tasks) != batch.size:
        return sums
    letters = _paradigms(batch, paradigms)
    for modality, loss in report.modalities.items():
        if modality not in batch.targets:
            continue  # a ghost of another process's
        target = batch.targets[modality]
        is_joint = batch.packing is not None and modality is TargetModality.TEXT
        owners = target.rows if is_joint else np.repeat(target.rows, target.mask.shape[1])
        by_token = np.where(target.mask, loss.by_token.double().cpu().numpy(), 0.0).ravel()
        values = np.bincount(owners, by_token, minlength=batch.size)
        counts = np.bincount(owners, target.mask.ravel(), minlength=batch.size)
        for row in np.flatnonzero(counts).tolist():
            value, tokens = float(values[row]), float(counts[row])
            names = [f"task/{batch.tasks[row]}"]
            letter = letters[row]
            if letter is not None:
                names.append(f"paradigm/{letter.value}")
            add_sums(sums, dict.fromkeys(names, (value, tokens)))
    return sums


def _paradigms(batch: Batch[np.ndarray], paradigms: Mapping[int, Paradigm]) -> list[Paradigm | None]:
    found: list[Paradigm | None] = [None] * batch.size
    if batch.packing is not None:
        texts = batch.packing.inputs.texts
        first_ids = texts.ids[texts.positions == 0]
        return [paradigms.get(int(first)) for first in first_ids]
    stream = batch.streams.get(InputModality.TEXT)
    if stream is not None:
        for row, first in zip(stream.rows, stream.values[:, 0], strict=True):
            found[int(row)] = paradigms.get(int(first))
    return found
