"""Targets still given as media, encoded to ids by their codec (spec section 11)."""

from dataclasses import replace

import torch
from torch import Tensor

from unio.codecs import VQGAN, ViTVQGAN
from unio.model.config import FIRST_CODE_ID
from unio.schema import Target, TargetModality

__all__ = ["encode_target"]


@torch.no_grad()
def encode_target(
    modality: TargetModality, target: Target[Tensor], *, image_codec: VQGAN, audio_codec: ViTVQGAN
) -> Target[Tensor]:
    """The target with the ids of its picture or log-mel; one that has its ids, such as a text, as it is."""
    if target.ids is not None or target.media is None:
        return target
    with torch.autocast(target.media.device.type, enabled=False):
        if modality is TargetModality.IMAGE:
            codes = image_codec.encode(target.media.permute(0, 3, 1, 2))
        else:
            codes = audio_codec.encode(target.media)
    return replace(target, ids=codes + FIRST_CODE_ID, media=None)
