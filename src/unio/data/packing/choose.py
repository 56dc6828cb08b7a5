"""Which waiting examples fill a row best: the oldest first, then the rest by need (spec section 12)."""

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["choose_row", "slack"]

WEIGHTS = np.array([1.0, 1.0, 0.0, 0.0, 6.0])
"""How much an unused share of each resource counts: caps on media are limits, not goals.

Work counts most: it grows with all the others, so a row that is full of it is nearly full of them, and
what it lacks every other rank waits for.
"""

MENDINGS = 8
"""Exchanges at most: each fills the row better than the one before, and after a few hardly."""


def choose_row(
    sizes: Float[np.ndarray, "waiting resources"], budgets: Float[np.ndarray, " resources"]
) -> list[int]:
    """Indices of the examples that share a row; the first, which has waited longest, is always among them.

    A row is built one by one, each time with the example that takes most of what is left, in the ratio in
    which it is left, and the last one or two are chosen to leave least. Then it is mended: as long as that
    fills the row better, one example is put back for one or two others. An infinite budget is no limit and
    no goal. The first must fit by itself.

    Example, one budget of 10, waiting 6, 3, 2 and 2::

        one by one 6 + 3 leaves 1        6 + 2 + 2 leaves nothing  ->  0 2 3
    """
    finite = np.isfinite(budgets)
    shares = sizes[:, finite] / budgets[finite]
    weights = WEIGHTS[finite]
    chosen = _build(shares, weights)
    for _ in range(MENDINGS):
        mended = _mend(chosen, shares, weights)
        if mended is None:
            break
        chosen = mended
    return chosen


def slack(
    sizes: Float[np.ndarray, "chosen resources"], budgets: Float[np.ndarray, " resources"]
) -> Float[np.ndarray, " resources"]:
    """The unused share of each budget; 0 for an infinite one."""
    return np.where(np.isfinite(budgets), 1 - sizes.sum(axis=0) / budgets, 0.0)


def _build(
    shares: Float[np.ndarray, "waiting resources"], weights: Float[np.ndarray, " resources"]
) -> list[int]:
    """The first, others one by one, and the best one or two to finish with at any point on the way."""
    chosen, left = [0], 1 - shares[0]
    best, best_slack = [0], float(weights @ left)
    waiting = np.arange(1, len(shares))
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


def _mend(
    chosen: list[int],
    shares: Float[np.ndarray, "waiting resources"],
    weights: Float[np.ndarray, " resources"],
) -> list[int] | None:
    """The row with one put back, never the first, for the one or two that fill it best; None: none better."""
    left = 1 - shares[chosen].sum(axis=0)
    others = np.setdiff1d(np.arange(len(shares)), chosen)
    best, best_slack = None, float(weights @ left) - 1e-9
    for back in chosen[1:]:
        room = left + shares[back]
        fitting = others[_fits(shares[others], room)]
        if len(fitting) == 0:
            continue
        more, reached = _finish(shares[fitting], room, weights)
        if reached < best_slack:
            kept = [one for one in chosen if one != back]
            best, best_slack = [*kept, *fitting[more].tolist()], reached
    return best


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
