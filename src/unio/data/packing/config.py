"""How batches are packed: budgets, caps and the pool (spec section 12)."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import Field

from unio.core import Config
from unio.data.packing.sizes import Sizes

__all__ = ["PackingConfig", "balanced_budgets"]


class PackingConfig(Config):
    """Two budgets a row, kept at once, and caps.

    ``fixed`` makes ``rows`` rows of exactly the budgets' lengths, for compiled code and graphs.
    ``variable`` makes one row as long as its content, up to ``rows`` times the budgets.
    """

    form: Literal["fixed", "variable"] = Field(
        default="variable", description="Rows of a fixed length, or one row as long as its content."
    )
    rows: int = Field(
        default=1, gt=0, description="Rows of a batch; a variable row is this many times longer."
    )
    encoder_length: int = Field(gt=0, description="Encoder places of a row.")
    decoder_length: int = Field(gt=0, description="Decoder places of a row.")
    pictures: int | None = Field(
        default=None, gt=0, description="Most pictures and frames through the ViT, a row."
    )
    sounds: int | None = Field(default=None, gt=0, description="Most segments through the AST, a row.")
    work: float | None = Field(
        default=None,
        gt=0,
        description="Most floating-point operations a row, by the work model; filled like the lengths, so "
        "that ranks finish together.",
    )
    pool: int = Field(default=64, gt=0, description="Examples that wait to be chosen from.")
    streams: int = Field(
        default=1,
        gt=0,
        description="Independent packers, each with its pool, for every batch of a step: what as many data "
        "workers can share. The data depends on it.",
    )

    def budgets(self) -> Float[np.ndarray, " resources"]:
        """What one packing run may use of each resource, in the order of `RESOURCES`; infinity: no limit."""
        caps = (self.encoder_length, self.decoder_length, self.pictures, self.sounds, self.work)
        times = self.rows if self.form == "variable" else 1
        return np.array([np.inf if cap is None else cap * times for cap in caps], np.float64)


def balanced_budgets(sizes: Sequence[Sizes], *, encoder_length: int) -> PackingConfig:
    """Budgets whose ratio is that of the examples, so that all of them can be full at once.

    Every example must go into some row: in the long run the budgets fill in the ratio in which examples
    use them, whatever is chosen when. The decoder's length is rounded up to 8.

    Example: examples of 300 encoder and 400 decoder places on average, ``encoder_length=1500``::

        decoder_length  2000
    """
    mean = np.mean([one.vector for one in sizes], axis=0)
    scale = encoder_length / mean[0]
    longest = max(one.decoder for one in sizes)
    decoder_length = max(int(np.ceil(scale * mean[1] / 8)) * 8, longest)
    work = float(scale * mean[4])
    return PackingConfig(
        encoder_length=encoder_length, decoder_length=decoder_length, work=work if work > 0 else None
    )
