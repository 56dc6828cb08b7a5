"""`StepReport`: what one optimiser step says of itself."""

from dataclasses import dataclass, field

from unio.train.step import Update

__all__ = ["StepReport", "Sums", "add_sums", "report_update"]

Sums = dict[str, tuple[float, float]]
"""Name -> (sum, count), of what is averaged over more than a step: cross-entropy over tokens."""


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """One optimiser step of this process.

    - ``losses`` by name (``text``, ``image``, ...), the same in every process.
    - ``sums`` (``task/depth``, ``paradigm/S``, ...), of this process's examples.
    - ``is_skipped`` is set when the weights stayed as they were, and ``reason`` says why.
    - ``tokens`` counts target tokens; ``real`` and ``positions`` the encoder's and decoder's positions
      that hold something, and all of them.
    - ``flops`` counts the operations of the model's matrix products, as `unio.train.flops` has it.
    """

    losses: dict[str, float]
    gradient_norm: float
    sums: Sums = field(default_factory=dict[str, tuple[float, float]])
    is_skipped: bool = False
    reason: str | None = None
    tokens: int = 0
    examples: int = 0
    real: int = 0
    positions: int = 0
    flops: float = 0.0


def report_update(update: Update, losses: dict[str, float], *, examples: int) -> StepReport:
    """The report of a step that has no more to tell than its losses and what became of its gradient."""
    return StepReport(
        losses=losses,
        gradient_norm=update.gradient_norm,
        is_skipped=update.is_skipped,
        reason="its gradient is not finite" if update.is_skipped else None,
        examples=examples,
    )


def add_sums(total: Sums, more: Sums) -> None:
    """Add ``more`` to ``total``, in place.

    Example::

        {"a": (1, 2)} and {"a": (3, 1), "b": (5, 1)}  ->  {"a": (4, 3), "b": (5, 1)}
    """
    for name, (value, count) in more.items():
        held_value, held_count = total.get(name, (0.0, 0.0))
        total[name] = held_value + value, held_count + count
