"""Parts of a model that a user may do without, so that they are neither read nor kept in memory.

Text is read and written by every model. Each other modality has its part:

==================  ======================================  ===========================================
modality            what the model then does                parameters
==================  ======================================  ===========================================
``image``           looks at a picture                      the ViT and its projection
``image_history``   looks at earlier frames                 their resampler; brings ``image`` along
``audio``           listens to a sound                      the AST and its projection
``audio_history``   listens to earlier segments             their resampler; brings ``audio`` along
``image_target``    draws                                   the table of codes and the image codec
``audio_target``    sounds                                  the table of codes and the audio codec
==================  ======================================  ===========================================
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal, NoReturn, cast, get_args

from torch import nn

from unio.core import InputError
from unio.model.unified_io import UnifiedIO

__all__ = [
    "ALL_MODALITIES",
    "AbsentPart",
    "Modality",
    "absent_modalities",
    "check_modalities",
    "modality_of",
    "remove_parts",
]

Modality = Literal["image", "image_history", "audio", "audio_history", "image_target", "audio_target"]

ALL_MODALITIES: tuple[Modality, ...] = get_args(Modality)

MODULES: Mapping[Modality, tuple[str, ...]] = {
    "image": ("input_embedders.image",),
    "image_history": ("input_embedders.image_history",),
    "audio": ("input_embedders.audio",),
    "audio_history": ("input_embedders.audio_history",),
    "image_target": ("token_embedders.image", "target_embedders.image", "image_codec"),
    "audio_target": ("token_embedders.audio", "target_embedders.audio", "audio_codec"),
}
"""The modules of each part; all others belong to text."""

BRINGS: Mapping[Modality, Modality] = {"image_history": "image", "audio_history": "audio"}
"""A history borrows the encoder of its like."""


class AbsentPart(nn.Module):
    """Stands where a part was left out: whatever is asked of it is an ``InputError`` that names the part."""

    def __init__(self, modality: Modality) -> None:
        super().__init__()
        self.modality: Modality = modality

    def forward(self, *_: object, **__: object) -> NoReturn:
        """Raises ``InputError``."""
        raise self._error()

    def __getattr__(self, name: str) -> Any:
        # Python and torch look for optional names of their own, all with an underscore first.
        if name.startswith("_"):
            raise AttributeError(name)
        raise self._error()

    def _error(self) -> InputError:
        return InputError(
            f"the model was loaded without {self.modality}",
            got="a request that needs it",
            fix=f"load it with {self.modality!r} among its modalities, or without naming any",
        )


def check_modalities(modalities: Collection[str] | None) -> frozenset[Modality]:
    """The modalities meant, with those they bring along; None means all, "text" adds nothing.

    Raises ``InputError`` for an unknown name.
    """
    if modalities is None:
        return frozenset(ALL_MODALITIES)
    named = [modalities] if isinstance(modalities, str) else list(modalities)
    unknown = [name for name in named if name != "text" and name not in ALL_MODALITIES]
    if unknown:
        raise InputError(
            "unknown modality", got=repr(unknown[0]), expected=f"text, {', '.join(ALL_MODALITIES)}"
        )
    wanted: set[Modality] = {cast(Modality, name) for name in named if name != "text"}
    brought: set[Modality] = {BRINGS[name] for name in wanted if name in BRINGS}
    return frozenset(wanted | brought)


def modality_of(parameter: str) -> Modality | None:
    """The modality whose part a parameter belongs to; None for what text needs."""
    for modality, modules in MODULES.items():
        if any(parameter.startswith(f"{module}.") for module in modules):
            return modality
    return None


def remove_parts(model: UnifiedIO, *, keep: Collection[Modality]) -> None:
    """Put an `AbsentPart` in the place of every module that no modality of ``keep`` needs."""
    for modality in ALL_MODALITIES:
        if modality in keep:
            continue
        for path in MODULES[modality]:
            parent, _, name = path.rpartition(".")
            setattr(model.get_submodule(parent), name, AbsentPart(modality))


def absent_modalities(model: nn.Module) -> list[Modality]:
    """What a model was loaded without."""
    found = {part.modality for part in model.modules() if isinstance(part, AbsentPart)}
    return [modality for modality in ALL_MODALITIES if modality in found]
