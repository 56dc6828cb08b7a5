"""Words as rows of sounds, fitted on spoken sentences: align all sentences, average, and align again.

Segmental k-means (Rabiner, Wilpon and Juang 1986). All sentences are aligned at once, frame by frame.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

__all__ = ["IMPOSSIBLE", "distances", "fit_rows", "shifted"]

IMPOSSIBLE = 1e9
"""The cost of what may not be."""

_ROUNDS = 6

Rows = dict[str, Float[np.ndarray, "states features"]]


def fit_rows(
    sentences: Sequence[Sequence[str]], features: Sequence[Float[np.ndarray, "frames features"]]
) -> Rows:
    """The mean features that each word passes through, one row a state, two states a letter.

    ``sentences`` are the words of each sentence, ``features`` what is heard of it, frame by frame.
    """
    words = sorted({word for sentence in sentences for word in sentence})
    counts = [_state_count(word) for word in words]
    firsts = dict(zip(words, np.cumsum([0, *counts[:-1]]).tolist(), strict=True))
    states_of = [
        np.concatenate([firsts[word] + np.arange(_state_count(word)) for word in sentence])
        for sentence in sentences
    ]
    frames = np.concatenate(features)
    passed = [
        states[np.arange(len(heard)) * len(states) // len(heard)]
        for states, heard in zip(states_of, features, strict=True)
    ]
    means = _means(frames, np.concatenate(passed), sum(counts))
    for _ in range(_ROUNDS - 1):
        passed = _align(distances(frames, means), states_of, [len(heard) for heard in features])
        means = _means(frames, passed, sum(counts))
    return {
        word: means[firsts[word] : firsts[word] + count] for word, count in zip(words, counts, strict=True)
    }


def distances(
    features: Float[np.ndarray, "frames features"], rows: Float[np.ndarray, "states features"]
) -> Float[np.ndarray, "frames states"]:
    """Squared distance of each frame from each state."""
    squares = np.sum(features**2, axis=1)[:, None] + np.sum(rows**2, axis=1)[None]
    return squares - 2 * features @ rows.T


def shifted(total: Float[np.ndarray, "*count states"]) -> Float[np.ndarray, "*count states"]:
    """What each state gets from the one before it; impossible for the first one."""
    moved = np.full_like(total, IMPOSSIBLE)
    moved[..., 1:] = total[..., :-1]
    return moved


def _state_count(word: str) -> int:
    """Enough that no word can be rushed through: a state lasts a frame at least."""
    return 2 * len(word.replace(" ", ""))


def _means(
    frames: Float[np.ndarray, "frames features"], passed: Int[np.ndarray, " frames"], count: int
) -> Float[np.ndarray, "states features"]:
    sums = np.zeros((count, frames.shape[1]))
    np.add.at(sums, passed, frames)
    return sums / np.maximum(np.bincount(passed, minlength=count), 1)[:, None]


def _align(
    costs: Float[np.ndarray, "frames vocabulary"],
    states_of: Sequence[Int[np.ndarray, " states"]],
    lengths: Sequence[int],
) -> Int[np.ndarray, " frames"]:
    """For each frame of all sentences, the state it is in on the cheapest way through its sentence.

    A way goes through all of the sentence's states in order.
    """
    count, longest = len(lengths), max(lengths)
    most = max(len(states) for states in states_of)
    table = np.full((longest, count, most), IMPOSSIBLE)
    begin = 0
    for row, (states, length) in enumerate(zip(states_of, lengths, strict=True)):
        table[:length, row, : len(states)] = costs[begin : begin + length][:, states]
        begin += length
    total = np.full((count, most), IMPOSSIBLE)
    total[:, 0] = table[0, :, 0]
    steps = np.zeros((longest, count, most), np.int8)
    for frame in range(1, longest):
        before = shifted(total)
        steps[frame] = before < total
        total = np.minimum(before, total) + table[frame]
    return np.concatenate(
        [
            states[_way_back(steps[:length, row], len(states))]
            for row, (states, length) in enumerate(zip(states_of, lengths, strict=True))
        ]
    )


def _way_back(steps: Int[np.ndarray, "frames most"], count: int) -> Int[np.ndarray, " frames"]:
    passed = np.zeros(len(steps), np.int64)
    passed[-1] = count - 1
    for frame in range(len(steps) - 1, 0, -1):
        passed[frame - 1] = passed[frame] - steps[frame, passed[frame]]
    return passed
