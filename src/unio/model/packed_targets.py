"""Targets of a packed batch as decoder rows, and back: all modalities in one pass (spec section 12)."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from unio.core import InputError
from unio.model.memory import PackedRows
from unio.model.packed_inputs import lay_out
from unio.model.target_embedder import BEGIN_ID, TargetEmbedder, fed_ids, shift_right
from unio.schema import Segments, Target, TargetModality

__all__ = ["embed_packed_targets", "shift_packed", "take_places"]


def embed_packed_targets(
    embedders: Mapping[TargetModality, TargetEmbedder],
    token_embedders: Mapping[TargetModality, nn.Embedding],
    targets: Mapping[TargetModality, Target[Tensor]],
    decoder: Segments[Tensor],
) -> PackedRows:
    """Every target shifted behind its own begin token, embedded, and laid into the decoder's rows.

    Raises ``InputError`` for targets that have not been tokenized.
    """
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for modality, target in targets.items():
        if target.ids is None:
            raise InputError(
                f"the {modality.value} targets are not tokenized", fix="call tokenize_targets first"
            )
        assert target.places is not None, "targets of a packed batch have places"
        assert target.positions is not None, "and positions"
        inputs = shift_packed(fed_ids(target.ids, target.withheld), target.positions)
        hidden: Tensor = embedders[modality](inputs, token_embedder=token_embedders[modality])
        rotary = embedders[modality].rotary_at(target.positions)
        parts.append((hidden.flatten(0, 1), rotary.flatten(0, 1), target.places.flatten()))
    return lay_out(parts, rows=decoder.rows, length=decoder.length)


def shift_packed(
    ids: Int[Tensor, "count length"], positions: Int[Tensor, "count length"]
) -> Int[Tensor, "count length"]:
    """What the decoder reads to predict ``ids``, where an entry may hold several targets in a row.

    Example, two targets of 3 and 2 tokens::

        ids        7 8 1 9 1
        positions  0 1 2 0 1
        inputs     0 7 8 0 9
    """
    return shift_right(ids).masked_fill(positions == 0, BEGIN_ID)


def take_places(
    flat: Float[Tensor, "places dim"], target: Target[Tensor]
) -> Float[Tensor, "count length dim"]:
    """The decoder's output at the places of one modality's tokens."""
    assert target.places is not None, "targets of a packed batch have places"
    return torch.unflatten(flat.index_select(0, target.places.flatten()), 0, target.places.shape)
