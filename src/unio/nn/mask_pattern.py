"""`MaskPattern`: packed rows under a boolean mask over all their pairs (spec section 12, packing).

It does the work of the pairs that it then throws away, a row's length for each token. For rows of a few
hundred places that is little beside the linear layers, and compiled code meets one shape and no loop.
"""

import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from unio.nn.attention_pattern import AttentionPattern

__all__ = ["MaskPattern"]


class MaskPattern(AttentionPattern):
    """One call of the kernel for all rows. What padding gets means nothing.

    ``mask`` is True where a query may look; every query must see at least one key.
    """

    def __init__(self, mask: Bool[Tensor, "rows 1 length keys"]) -> None:
        self.mask = mask

    def attend(
        self,
        queries: Float[Tensor, "rows heads length head_dim"],
        keys: Float[Tensor, "rows heads keys head_dim"],
        values: Float[Tensor, "rows heads keys head_dim"],
        *,
        scale: float,
    ) -> Float[Tensor, "rows heads length head_dim"]:
        """Masked attention of all rows."""
        return F.scaled_dot_product_attention(queries, keys, values, attn_mask=self.mask, scale=scale)
