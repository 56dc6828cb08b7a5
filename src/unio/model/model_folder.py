"""`ModelFolder`: a folder on disk that was found to hold a whole model, none of it in memory yet.

Two layouts are recognised, told apart by ``config.json``: unio's own, and that of the published
checkpoints (spec section 15), whose names and settings are translated.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from torch import Tensor

from unio.core import ConfigError, WeightsError, validate_config
from unio.model.config import ModelConfig
from unio.model.fill import check_names, check_shapes
from unio.model.reference_config import config_from_reference
from unio.model.reference_names import to_reference
from unio.model.stored_weights import StoredWeights, find_weights, read_json
from unio.model.tensor_files import TensorSpec
from unio.model.unified_io import UnifiedIO

__all__ = [
    "CONFIG_FILE",
    "Layout",
    "ModelFolder",
    "is_published",
    "open_model_folder",
    "own_settings",
    "read_model_config",
]

Layout = Literal["unio", "reference"]

CONFIG_FILE = "config.json"
FORMAT = "unio"
VERSION = 1
OWN_KEYS = ("format", "version", "model")
REFERENCE_KEY = "t5_config"
"""The section that a published ``config.json`` has and no other."""

AUDIO_TABLE = "input_embedders.audio.encoder.positions"


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelFolder:
    """A model on disk: configuration and weights agree in every name and shape.

    ``stored_names`` maps each of our parameters, in the model's order, to its name in the files.
    """

    folder: Path
    layout: Layout
    config: ModelConfig
    weights: StoredWeights
    stored_names: Mapping[str, str]

    @property
    def specs(self) -> dict[str, TensorSpec]:
        """Shape and stored dtype of each of our parameters."""
        specs = self.weights.specs
        return {name: specs[stored] for name, stored in self.stored_names.items()}

    def read(self, names: Collection[str]) -> Iterator[tuple[str, Tensor]]:
        """(our name, stored tensor) of some parameters, each tensor valid until the next is asked for."""
        ours = {self.stored_names[name]: name for name in names}
        for stored, tensor in self.weights.read(ours):
            yield ours[stored], tensor

    def copy_into(self, targets: Mapping[str, Tensor]) -> None:
        """Copy parameters into ``targets``, by our names, converted to their dtypes and devices."""
        self.weights.copy_into({self.stored_names[name]: target for name, target in targets.items()})


def open_model_folder(folder: str | Path) -> ModelFolder:
    """Check a folder's configuration, and every file's names, shapes and completeness.

    Raises ``ConfigError`` for settings of no model we know, ``WeightsError`` for anything wrong with the
    files; names in its message are those of the files.
    """
    folder = Path(folder)
    layout, settings = _read_settings(folder)
    weights = find_weights(folder)
    rows = weights.specs.get(to_reference(AUDIO_TABLE))
    config = _config(
        folder, layout, settings, audio_rows=rows.shape[0] if rows is not None and rows.shape else None
    )
    shapes = {name: tuple(value.shape) for name, value in UnifiedIO(config).named_parameters()}
    stored = {name: to_reference(name) if layout == "reference" else name for name in shapes}
    found = weights.specs
    check_names(expected=list(stored.values()), found=found)
    check_shapes(
        expected={stored[name]: shape for name, shape in shapes.items()},
        found={name: spec.shape for name, spec in found.items()},
    )
    return ModelFolder(folder=folder, layout=layout, config=config, weights=weights, stored_names=stored)


def read_model_config(folder: str | Path) -> ModelConfig:
    """The configuration of a saved model. Raises ``WeightsError`` or ``ConfigError`` if it is unusable."""
    layout, settings = _read_settings(Path(folder))
    return _config(Path(folder), layout, settings, audio_rows=None)


def is_published(folder: str | Path) -> bool:
    """Whether a folder has the layout of the published checkpoints. Raises as `read_model_config`."""
    return _read_settings(Path(folder))[0] == "reference"


def own_settings(config: ModelConfig) -> dict[str, Any]:
    """What our ``config.json`` says."""
    return {"format": FORMAT, "version": VERSION, "model": config.model_dump(mode="json")}


def _config(folder: Path, layout: Layout, settings: dict[str, Any], *, audio_rows: int | None) -> ModelConfig:
    path = str(folder / CONFIG_FILE)
    if layout == "reference":
        return config_from_reference(settings, where=path, audio_rows=audio_rows)
    return validate_config(ModelConfig, cast(dict[str, Any], settings["model"]), where=path)


def _read_settings(folder: Path) -> tuple[Layout, dict[str, Any]]:
    """The layout of a folder and what its configuration file says."""
    path = folder / CONFIG_FILE
    settings = read_json(path)
    if REFERENCE_KEY in settings and "format" not in settings:
        return "reference", settings
    if settings.get("format") != FORMAT or settings.get("version") != VERSION:
        raise WeightsError(
            f"{path} does not describe a unio model",
            got=f"format {settings.get('format')!r}, version {settings.get('version')!r}",
            expected=f"format {FORMAT!r}, version {VERSION}, or a published model's {REFERENCE_KEY}",
        )
    foreign = [key for key in settings if key not in OWN_KEYS]
    if foreign:
        raise ConfigError(
            f"{path}: unknown key {foreign[0]!r}",
            expected=f"one of {', '.join(OWN_KEYS)}",
            fix="remove or rename the key",
        )
    model = settings.get("model")
    if not isinstance(model, dict):
        raise WeightsError(f"{path} has no model section", got=type(model).__name__, expected="a mapping")
    return "unio", settings
