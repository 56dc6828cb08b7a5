"""`CodecDecoder`: a target medium through a model's codec and back."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from unio.model import UnifiedIO
from unio.schema import TargetFeatures, TargetModality

__all__ = ["CodecDecoder"]


@dataclass(frozen=True, eq=False)
class CodecDecoder:
    """What is left of a picture or a sound when a model's codes have held it."""

    model: UnifiedIO

    @torch.inference_mode()
    def __call__(self, target: TargetFeatures) -> Float[np.ndarray, "..."]:
        """Media of the shape and range of ``target.media``."""
        assert target.media is not None, "texts have no codec"
        media = torch.as_tensor(target.media)[None].to(self.model.device)
        if target.modality is TargetModality.IMAGE:
            codes = self.model.image_codec.encode(media.permute(0, 3, 1, 2))
            return self.model.decode_image(codes)[0].float().cpu().numpy()
        codes = self.model.audio_codec.encode(media)
        return self.model.decode_audio(codes)[0].float().cpu().numpy()
