"""Settings that several kinds of run share: which model, which source."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic import Field

from unio.core import Config, validate_config
from unio.data import Source
from unio.model import ModelConfig, preset

__all__ = ["ModelChoice", "SourceConfig", "make_source", "merge"]


class ModelChoice(Config):
    """A preset, with changes if need be."""

    preset: str = Field(description="Name of the preset: nano, large, xl or xxl.")
    changes: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="Fields of the model's configuration to change, nested."
    )

    def resolve(self, **derived: Any) -> ModelConfig:
        """The model's configuration; ``derived`` fields come from elsewhere (a codec's folder) and win.

        Raises ``ConfigError`` for an unknown preset or field, or values that cannot go together.
        """
        values = preset(self.preset).model_dump()
        return validate_config(
            ModelConfig, merge(merge(values, self.changes), derived), where=f"model preset {self.preset!r}"
        )


class SourceConfig(Config):
    """Where examples come from."""

    kind: Literal["playroom"] = Field(default="playroom", description="The built-in world.")
    split: Literal["train", "test", "novel"] = Field(default="train", description="Split of its scenes.")
    examples_per_scene: int | None = Field(
        default=None,
        gt=0,
        description="Neighbouring examples that share a scene, rendered once; None: as the source likes.",
    )


def make_source(config: SourceConfig) -> Source:
    """The source a run asks for. Raises ``MissingExtraError`` without the simulator."""
    # Imported here: the simulator is an extra that only its own users need.
    from unio.data.sources.playroom import PlayroomSource

    return PlayroomSource(split=config.split, examples_per_scene=config.examples_per_scene)


def merge(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with ``changes`` laid over them, section by section.

    Example::

        merge({"trunk": {"dim": 8, "layers": 2}}, {"trunk": {"dim": 16}})
        # {"trunk": {"dim": 16, "layers": 2}}
    """
    merged = dict(values)
    for key, change in changes.items():
        held = merged.get(key)
        if isinstance(held, Mapping) and isinstance(change, Mapping):
            merged[key] = merge(cast(Mapping[str, Any], held), cast(Mapping[str, Any], change))
        else:
            merged[key] = change
    return merged
