"""All codes of a picture in one step, none of them fed to the others: for models trained with codes withheld.

A dense map is a function of its picture, so its codes need not be drawn one after the other. A model that
has met targets whose codes were all withheld (`unio.data.withholding`) predicts each from the inputs alone;
the best of each is taken, in one pass of the decoder in place of one for every code.
"""

import torch

from unio.infer.decoding import Decoded
from unio.infer.grammar import Grammar
from unio.infer.sampling import forbid, token_log_probability
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality

__all__ = ["decode_at_once"]


@torch.inference_mode()
def decode_at_once(
    model: UnifiedIO, modality: TargetModality, memory: Memory, *, length: int, grammar: Grammar
) -> Decoded:
    """The best code of every place, each given the inputs and nothing else; ``modality`` is not text."""
    ids = torch.zeros(len(memory.hidden), length, dtype=torch.long, device=memory.hidden.device)
    logits = model.logits(modality, ids, memory, withheld=torch.ones_like(ids, dtype=torch.bool))
    allowed = grammar.allowed(logits[:, 0], ids[:, :0])
    best = forbid(logits.flatten(0, 1), allowed).argmax(dim=-1).view_as(ids)
    return Decoded(ids=best, log_probability=token_log_probability(logits, best).mean(dim=-1))
