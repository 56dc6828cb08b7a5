"""Ground floor: errors, registry, configuration and named random streams. Knows nothing of models."""

from unio.core.config import Config, apply_overrides, load_config, read_yaml, validate_config
from unio.core.errors import (
    CheckpointError,
    ConfigError,
    InputError,
    MissingExtraError,
    UnioError,
    WeightsError,
)
from unio.core.registry import Registry
from unio.core.seeds import random_stream

__all__ = [
    "CheckpointError",
    "Config",
    "ConfigError",
    "InputError",
    "MissingExtraError",
    "Registry",
    "UnioError",
    "WeightsError",
    "apply_overrides",
    "load_config",
    "random_stream",
    "read_yaml",
    "validate_config",
]
