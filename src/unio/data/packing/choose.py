"""Which waiting examples fill a row best: the oldest first, then the rest by need (spec section 12)."""

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["choose_row", "slack"]

WEIGHTS = np.array([1.0, 1.0, 0.0, 0.0, 1.0])
"""How much an unused share of each resource counts: caps on media are limits, not goals."""


def choose_row(
    sizes: Float[np.ndarray, "waiting resources"], budgets: Float[np.ndarray, " resources"]
) -> list[int]:
    """Indices of the examples that share a row; the first, which has waited longest, is always among them.

    Examples are added one by one, each time the one that takes most of what is left, in the ratio in
    which it is left. Before each, the best row that one or two more would finish is remembered; the best
    of all is the answer. An infinite budget is no limit and no goal. The first must fit by itself.

    Example, one budget of 10, waiting 6, 3, 2 and 2::

        greedy 6 + 3 leaves 1        6 + 2 + 2 leaves nothing  ->  0 2 3
    """
    finite = np.isfinite(budgets)
    shares = sizes[:, finite] / budgets[finite]
    weights = WEIGHTS[finite]
    chosen, left = [0], 1 - shares[0]
    best, best_slack = [0], float(weights @ left)
    waiting = np.arange(1, len(sizes))
    while True:
        waiting = waiting[_fits(shares[waiting], left)]
        if len(waiting) == 0:
            return best
        more, reached = _finish(shares[waiting], left, weights)
        if reached < best_slack:
            best, best_slack = [*chosen, *waiting[more].tolist()], reached
        taken = int(np.argmax(shares[waiting] @ (weights * left)))
        chosen.append(int(waiting[taken]))
        left = left - shares[waiting[taken]]
        waiting = np.delete(waiting, taken)


def slack(
    sizes: Float[np.ndarray, "chosen resources"], budgets: Float[np.ndarray, " resources"]
) -> Float[np.ndarray, " resources"]:
    """The unused share of each budget; 0 for an infinite one."""
    return np.where(np.isfinite(budgets), 1 - sizes.sum(axis=0) / budgets, 0.0)


def _fits(
    shares: Float[np.ndarray, "waiting resources"], left: Float[np.ndarray, " resources"]
) -> Bool[np.ndarray, " waiting"]:
    return np.all(shares <= left + 1e-9, axis=1)


def _finish(
    shares: Float[np.ndarray, "waiting resources"],
    left: Float[np.ndarray, " resources"],
    weights: Float[np.ndarray, " resources"],
) -> tuple[Int[np.ndarray, " more"], float]:
    """The one or two of ``shares``, all of which fit, that leave least, and what they leave."""
    used = shares @ weights
    available = float(weights @ left)
    single = int(np.argmax(used))
    more, most = np.array([single]), float(used[single])
    pairs = shares[:, None, :] + shares[None, :, :]
    fits: Bool[np.ndarray, "waiting waiting"] = np.all(pairs <= left + 1e-9, axis=-1)
    np.fill_diagonal(fits, val=False)
    together = np.where(fits, used[:, None] + used[None, :], -1.0)
    first, second = np.unravel_index(int(np.argmax(together)), together.shape)
    if together[first, second] > most:
        more, most = np.array([first, second]), float(together[first, second])
    return more, available - most
