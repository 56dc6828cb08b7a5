"""How much memory a model's weights take, for each set of modalities and each dtype of the trunk."""

from collections.abc import Collection, Mapping

import torch

from unio.model.parts import Modality, check_modalities, modality_of
from unio.model.tensor_files import TensorSpec
from unio.model.weights import is_full_precision

__all__ = ["MODALITY_SETS", "weight_bytes"]

MODALITY_SETS: Mapping[str, tuple[Modality, ...]] = {
    "text -> text": (),
    "text, picture -> text": ("image",),
    "text, pictures -> text": ("image_history",),
    "text, sound -> text": ("audio",),
    "text, video, sound -> text": ("image_history", "audio_history"),
    "text -> picture": ("image_target",),
    "text, picture -> picture": ("image", "image_target"),
    "text -> sound": ("audio_target",),
    "everything": ("image_history", "audio_history", "image_target", "audio_target"),
}
"""What a user may want -> the ``modalities`` to load for it."""


def weight_bytes(
    specs: Mapping[str, TensorSpec], *, dtype: torch.dtype, modalities: Collection[str] | None = None
) -> int:
    """Bytes of the parameters that `load_model` keeps with these arguments.

    ``specs`` are those of a `ModelFolder`; their stored dtypes do not matter. What decoding needs beside
    the weights is not counted.
    """
    keep = check_modalities(modalities)
    return sum(
        spec.count * (torch.float32 if is_full_precision(name) else dtype).itemsize
        for name, spec in specs.items()
        if (modality_of(name) or "text") in {"text", *keep}
    )
