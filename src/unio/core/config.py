"""Frozen configuration models, read from YAML with dotted overrides."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from unio.core.errors import ConfigError

__all__ = ["Config", "apply_overrides", "load_config", "read_yaml", "validate_config"]


class Config(BaseModel):
    """Base of every configuration: frozen, keyword-only, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


C = TypeVar("C", bound=Config)


def validate_config(kind: type[C], values: Mapping[str, Any], *, where: str) -> C:
    """Build a ``kind`` from plain values; a wrong one raises ``ConfigError`` with its dotted path.

    ``where`` names the file or caller for the message.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"]) or "(top level)"
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                f"{where}: unknown key {path!r}",
                expected=f"one of {', '.join(kind.model_fields)}" if len(first["loc"]) == 1 else None,
                fix="remove or rename the key",
            ) from error
        got = None if first["type"] == "missing" else repr(first.get("input"))[:80]
        raise ConfigError(f"{where}: bad value at {path!r}", got=got, expected=first["msg"]) from error


def read_yaml(path: str | Path) -> dict[str, Any]:
    """The mapping in a YAML file. Raises ``ConfigError`` if it is missing, broken or no mapping."""
    path = Path(path)
    try:
        values: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}", got=error.strerror, expected="a YAML file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{path} is not valid YAML", got=reason[:160]) from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} holds no settings", got=type(values).__name__, expected="key: value lines")
    return cast(dict[str, Any], values)


def apply_overrides(values: Mapping[str, Any], overrides: Sequence[str]) -> dict[str, Any]:
    """A copy of ``values`` with each ``dotted.key=value`` set; the value is read as YAML.

    Example::

        apply_overrides({"model": {"dim": 8}}, ["model.dim=16"])  # {"model": {"dim": 16}}
    """
    result: dict[str, Any] = {
        key: apply_overrides(cast(Mapping[str, Any], value), []) if isinstance(value, Mapping) else value
        for key, value in values.items()
    }
    for override in overrides:
        dotted, separator, text = override.partition("=")
        if not separator or not dotted:
            raise ConfigError("bad override", got=repr(override), expected="key=value or section.key=value")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ConfigError(f"bad value for {dotted!r}", got=repr(text), expected="a YAML value") from error
        node = result
        *parents, leaf = dotted.split(".")
        for parent in parents:
            child = node.setdefault(parent, {})
            if not isinstance(child, dict):
                raise ConfigError(f"cannot set {dotted!r}", got=f"{parent!r} is no section")
            node = cast(dict[str, Any], child)
        node[leaf] = value
    return result


def load_config(kind: type[C], path: str | Path, overrides: Sequence[str] = ()) -> C:
    """Read a YAML file, apply dotted overrides, validate it as a ``kind``."""
    return validate_config(kind, apply_overrides(read_yaml(path), overrides), where=str(path))
