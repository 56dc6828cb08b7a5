"""All codes of a picture in one step, none of them fed to the others: for models trained with codes withheld.

A dense map is a function of its picture, so its codes need not be drawn one after the other. A model that
has met targets whose codes were all withheld (`unio.data.withholding`) predicts each from the inputs alone,
in one pass of the decoder in place of one for every code. Where it wavers between codes, the mean of their
vectors is the answer with the least expected error; the best code is the sharper one.
"""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from unio.infer.decoding import Decoded
from unio.infer.grammar import FIRST_CODE_ID, Grammar
from unio.infer.sampling import forbid, token_log_probability
from unio.model import Memory, UnifiedIO
from unio.schema import TargetModality

__all__ = ["decode_at_once"]


@torch.inference_mode()
def decode_at_once(
    model: UnifiedIO,
    modality: TargetModality,
    memory: Memory,
    *,
    length: int,
    grammar: Grammar,
    form: Literal["best", "mean"],
) -> Decoded:
    """The best code of every place, each given the inputs and nothing else; ``modality`` is not text.

    With ``form`` "mean", ``vectors`` are what is drawn, the codes no more than the nearest to say.
    """
    ids = torch.zeros(len(memory.hidden), length, dtype=torch.long, device=memory.hidden.device)
    logits = model.logits(modality, ids, memory, withheld=torch.ones_like(ids, dtype=torch.bool))
    allowed = grammar.allowed(logits[:, 0], ids[:, :0])
    open_logits = torch.unflatten(forbid(logits.flatten(0, 1), allowed), 0, ids.shape)
    best = open_logits.argmax(dim=-1)
    return Decoded(
        ids=best,
        log_probability=token_log_probability(logits, best).mean(dim=-1),
        vectors=_mean_vectors(model, modality, open_logits) if form == "mean" else None,
    )


def _mean_vectors(
    model: UnifiedIO, modality: TargetModality, logits: Float[Tensor, "batch length vocab"]
) -> Float[Tensor, "batch length code_dim"]:
    """The codes' vectors by their probabilities, as the codec's decoder would get them."""
    codec = model.image_codec if modality is TargetModality.IMAGE else model.audio_codec
    count = codec.config.num_codes
    table = codec.quantizer.lookup(torch.arange(count, device=logits.device)[None])[0]
    probabilities = torch.softmax(logits, dim=-1)[..., FIRST_CODE_ID : FIRST_CODE_ID + count]
    return codec.quantizer.comparable(probabilities.to(table.dtype) @ table)
