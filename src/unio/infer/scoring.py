"""How probable given answers are: mean log-probability a token (spec section 14, "Answer options")."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from unio.core import InputError
from unio.infer.sampling import token_log_probability
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality
from unio.vocab import VocabLayout

__all__ = ["score_options"]


@torch.inference_mode()
def score_options(
    model: UnifiedIO, memory: Memory, options: Sequence[Sequence[int]], *, rows_at_once: int = 64
) -> Float[Tensor, "batch options"]:
    """Mean log-probability a token of each option, for each example of ``memory``.

    The mean, rather than the sum, keeps a long answer from losing by its length; minus it is the
    option's loss. ``options`` are text ids, each closed with its end token; ``rows_at_once`` bounds how
    many (example, option) pairs go through the decoder together.

    Raises ``InputError`` if there is no option or an empty one.
    """
    if not options or not all(options):
        raise InputError(
            "nothing to score", got="no option, or an empty one", expected="a token or more each"
        )
    device = memory.hidden.device
    length = max(len(option) for option in options)
    padded = [[*option] + [VocabLayout.pad_id] * (length - len(option)) for option in options]
    ids = torch.tensor(padded, dtype=torch.long, device=device)
    is_token = ids != VocabLayout.pad_id
    batch, count = len(memory.hidden), len(options)
    means: list[Tensor] = []
    for start in range(0, batch * count, rows_at_once):
        # Pair k is example k // count with option k % count.
        pairs = torch.arange(start, min(start + rows_at_once, batch * count), device=device)
        row, option = pairs // count, pairs % count
        logits = model.logits(TargetModality.TEXT, ids[option], memory.select(row))
        log_probabilities = token_log_probability(logits, ids[option]) * is_token[option]
        means.append(log_probabilities.sum(dim=1) / is_token[option].sum(dim=1))
    return torch.cat(means).reshape(batch, count)
