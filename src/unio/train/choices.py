"""Settings that several kinds of run share: which model, which source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import Field

from unio.core import Config, validate_config
from unio.data import Source
from unio.data.mixture_file import load_mixture
from unio.data.sources.mixed import EndlessSource, MixedSource, open_data_sets
from unio.model import ModelConfig, preset

__all__ = ["MixtureChoice", "ModelChoice", "SourceConfig", "make_source", "merge", "resolve_mixture"]


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

    kind: Literal["playroom", "data"] = Field(
        default="playroom", description="The built-in world, or data sets alone."
    )
    split: Literal["train", "test", "novel"] = Field(default="train", description="Split of its scenes.")
    examples_per_scene: int | None = Field(
        default=None,
        gt=0,
        description="Neighbouring examples that share a scene, rendered once; None: as the source likes.",
    )
    folders: dict[str, Path] = Field(
        default_factory=dict[str, Path],
        description="Data sets on disk, by the names of their builders; the mixture calls their families "
        "NAME/FAMILY.",
    )
    builders: Path = Field(
        default=Path("configs/data"), description="Folder of the builders: NAME.yaml for each data set."
    )


def make_source(config: SourceConfig) -> Source:
    """The source a run asks for.

    Raises ``MissingExtraError`` without the simulator, and as `open_data_sets` does.
    """
    own = None if config.kind == "data" else _playroom(config)
    if own is not None and not config.folders:
        return own
    return _mixed(config, own)


def resolve_mixture(values: Mapping[str, Any]) -> dict[str, Any]:
    """A run's values, a mixture that is named (``mixture: {file: NAME}``) put in by its weights.

    NAME is a shipped mixture or a YAML file; its rates are weighed for what ``source`` holds. Any other
    mixture stays as it is. Raises ``ConfigError`` for a mixture or a source that cannot be read.
    """
    mixture = values.get("mixture")
    if not isinstance(mixture, Mapping) or "file" not in mixture:
        return dict(values)
    named = validate_config(MixtureChoice, cast(Mapping[str, Any], mixture), where="mixture")
    config = validate_config(SourceConfig, values.get("source") or {}, where="source")
    own = None if config.kind == "data" else _playroom(config)
    weighed = load_mixture(named.file).weigh(_mixed(config, own).offers())
    return {**values, "mixture": weighed.mixture.model_dump()}


class MixtureChoice(Config):
    """A mixture by its file."""

    file: str = Field(description="A shipped mixture's name, or a YAML file.")


def _playroom(config: SourceConfig) -> EndlessSource:
    # Imported here: the simulator is an extra that only its own users need.
    from unio.data.sources.playroom import PlayroomSource

    return PlayroomSource(split=config.split, examples_per_scene=config.examples_per_scene)


def _mixed(config: SourceConfig, own: EndlessSource | None) -> MixedSource:
    sets = open_data_sets(config.folders, builders=config.builders, split=config.split)
    return MixedSource(own=own, sets=sets)


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
