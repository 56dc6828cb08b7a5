"""Dynamic masking: a hidden code is seen by the step that it feeds, and by no other (spec section 12).

Decoder slot i holds code i - 1 (slot 0 the begin token) and predicts code i; it is *closed* if code
i - 1 was hidden from the encoder, else open. Slot i may see slot j if j <= i and (j is open or j == i).
Six codes, 1 and 3 hidden::

    slot    0    1      2        3        4          5
    sees    {0}  {0 1}  {0 1 2}  {0 1 3}  {0 1 3 4}  {0 1 3 5}

The reference's formula, which it computes and never applies, also blinds closed slots to all but
themselves: slot 2 then sees {2} and slot 4 sees {4}.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Bool
from torch import Tensor

__all__ = ["DynamicMask", "closed_slots", "dynamic_mask"]

DynamicMask = Literal["keep_context", "reference", "none"]
"""What a closed slot sees beside itself: its open context, or nothing; or all slots are as if open."""


def closed_slots(hidden: Bool[Tensor, "count length"]) -> Bool[Tensor, "count length"]:
    """True at the slots that hold a hidden code: the codes shifted right behind the begin token."""
    return F.pad(hidden[:, :-1], (1, 0))


def dynamic_mask(
    closed: Bool[Tensor, "count length"], *, form: DynamicMask
) -> Bool[Tensor, "count 1 length length"]:
    """True where a slot (third axis) may see a slot (fourth axis), causality included.

    One bit a pair of one target's slots: kernels that take boolean masks read it as it is.
    """
    length = closed.shape[1]
    own = torch.eye(length, dtype=torch.bool, device=closed.device)
    if form == "none":
        closed = torch.zeros_like(closed)
    allowed = ~closed[:, None, :]
    if form == "reference":
        allowed = allowed & ~closed[:, :, None]
    return ((allowed | own) & own.new_ones(length, length).tril()).unsqueeze(1)
