"""When the ViT and the AST learn: never, always, or only at the end of a run (spec section 7)."""

from unio.train.pace import Pace

__all__ = ["are_encoders_frozen"]


def are_encoders_frozen(*, freeze: bool, tune_from: float | None, pace: Pace) -> bool:
    """Whether gradients stop at the encoders at this ``pace``.

    ``tune_from`` is the share of a run's steps after which encoders that were frozen are tuned.

    Example, ``freeze=True, tune_from=0.75`` in a run of 8 steps::

        step    0 1 2 3 4 5 6 7
        frozen  y y y y y y n n
    """
    return freeze and (tune_from is None or pace.progress < tune_from)
