"""The small JSON files beside a model's weights: read with one-line errors, written whole."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from unio.core import ConfigError
from unio.media import write_whole

__all__ = ["read_settings", "write_settings"]


def read_settings(path: Path) -> dict[str, Any]:
    """The mapping in a JSON file. Raises ``ConfigError`` if it is broken or no mapping."""
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}", got=error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not valid JSON", got=str(error)[:160]) from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} holds no mapping", got=type(values).__name__)
    return cast(dict[str, Any], values)


def write_settings(path: Path, values: Mapping[str, Any]) -> None:
    """Write a mapping as JSON, whole or not at all."""
    write_whole(path, (json.dumps(values, indent=2) + "\n").encode())
