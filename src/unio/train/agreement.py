"""What processes must know of each other's batches before a step: who has what, and tokens in all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unio.schema import Batch, InputModality, TargetModality
from unio.train.processes import Processes

__all__ = ["Agreement", "agree", "count_tokens", "present_streams"]

Present = tuple[frozenset[InputModality], frozenset[TargetModality]]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """``tokens``: counted target tokens of the step by modality, all batches of all processes.

    ``present``: for each batch of the step, what any process has in the batch of that number.
    """

    tokens: dict[TargetModality, float]
    present: tuple[Present, ...]


def agree(batches: Sequence[Batch[np.ndarray]], *, processes: Processes) -> Agreement:
    """One sum over the processes, all of which must call it with as many batches."""
    counts = [sum(count_tokens(batch, modality) for batch in batches) for modality in TargetModality]
    flags = [float(flag) for batch in batches for flag in _flags(batch)]
    totals = processes.sum([*counts, *flags])
    width = len(InputModality) + len(TargetModality)
    kinds = len(TargetModality)
    present = tuple(
        _present(totals[kinds + place * width : kinds + (place + 1) * width]) for place in range(len(batches))
    )
    return Agreement(tokens=dict(zip(TargetModality, totals[:kinds], strict=True)), present=present)


def count_tokens(batch: Batch[np.ndarray], modality: TargetModality) -> float:
    """Counted target tokens of one modality."""
    target = batch.targets.get(modality)
    return 0.0 if target is None else float(target.mask.sum())


def present_streams(batch: Batch[np.ndarray]) -> frozenset[InputModality]:
    """The input streams of a batch, packed or not."""
    if batch.packing is None:
        return frozenset(batch.streams)
    found = {InputModality.TEXT}
    pictures, sounds = batch.packing.inputs.pictures, batch.packing.inputs.sounds
    for frames, own, history in (
        (pictures, InputModality.IMAGE, InputModality.IMAGE_HISTORY),
        (sounds, InputModality.AUDIO, InputModality.AUDIO_HISTORY),
    ):
        if frames is not None:
            found |= {own} if frames.inputs else set()
            found |= {history} if len(frames.lengths) > frames.inputs else set()
    return frozenset(found)


def _flags(batch: Batch[np.ndarray]) -> list[bool]:
    streams = present_streams(batch)
    return [
        *(name in streams for name in InputModality),
        *(name in batch.targets for name in TargetModality),
    ]


def _present(totals: Sequence[float]) -> Present:
    streams = zip(InputModality, totals, strict=False)
    targets = zip(TargetModality, totals[len(InputModality) :], strict=True)
    return (
        frozenset(name for name, total in streams if total),
        frozenset(name for name, total in targets if total),
    )
