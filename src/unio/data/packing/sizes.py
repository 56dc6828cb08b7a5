"""What an example takes of a packed batch: places of the encoder, of the decoder, media to encode, work."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from unio.data.collate import code_count, encoder_length
from unio.data.packing.work import WorkModel
from unio.schema import Features, Geometry, PatchFeatures

__all__ = ["RESOURCES", "Sizes", "measure"]

RESOURCES = ("encoder", "decoder", "pictures", "sounds", "work")
"""What is limited, in the order of `Sizes.vector`."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Encoder and decoder places, frames through the ViT and the AST, and floating-point work of a step.

    ``work`` is 0 where no `WorkModel` counts it.
    """

    encoder: int
    decoder: int
    pictures: int
    sounds: int
    work: float = 0.0

    @property
    def vector(self) -> Float[np.ndarray, " resources"]:
        """The figures in the order of `RESOURCES`."""
        return np.array([self.encoder, self.decoder, self.pictures, self.sounds, self.work], np.float64)


def measure(features: Features, *, geometry: Geometry, work: WorkModel | None = None) -> Sizes:
    """The sizes of one example."""
    target = features.target
    decoder = 0
    if target is not None:
        decoder = code_count(target.modality, geometry) if target.ids is None else len(target.ids)
    pictures = [*_frames(features.image), *_frames(features.image_history)]
    sounds = [*_frames(features.audio), *_frames(features.audio_history)]
    encoder = encoder_length(features, geometry=geometry)
    return Sizes(
        encoder=encoder,
        decoder=decoder,
        pictures=len(pictures),
        sounds=len(sounds),
        work=0.0 if work is None else work.of(encoder, decoder, pictures=pictures, sounds=sounds),
    )


def _frames(patches: PatchFeatures | None) -> list[int]:
    """Valid patches of every frame that has any."""
    if patches is None:
        return []
    return [int(count) for count in patches.mask.sum(axis=1) if count]
