"""`run`: a YAML file and overrides become a training run, told apart by the file's ``kind``."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from unio.core import ConfigError, apply_overrides, read_yaml, validate_config
from unio.media import write_whole
from unio.train.codec_training import CodecRun, train_codec
from unio.train.model_config import ModelRun
from unio.train.model_training import train_model
from unio.train.tokenizer_training import TokenizerRun, train_text_tokenizer

__all__ = ["AnyRun", "read_run", "run"]

AnyRun = TokenizerRun | CodecRun | ModelRun

KINDS: dict[str, type[TokenizerRun] | type[CodecRun] | type[ModelRun]] = {
    "tokenizer": TokenizerRun,
    "image_codec": CodecRun,
    "audio_codec": CodecRun,
    "model": ModelRun,
}


def run(config_path: str | Path, overrides: Sequence[str] = ()) -> None:
    """Train what the YAML file describes, with dotted ``key=value`` overrides, from the last checkpoint on.

    The resolved configuration is written to ``out/config.yaml``. Raises ``UnioError`` for whatever the
    user can mend.
    """
    chosen = read_run(config_path, overrides)
    resolved: dict[str, Any] = chosen.model_dump(mode="json")
    write_whole(chosen.out / "config.yaml", yaml.safe_dump(resolved, sort_keys=False).encode())
    _trainer(chosen)()


def read_run(config_path: str | Path, overrides: Sequence[str] = ()) -> AnyRun:
    """The validated run of a file. Raises ``ConfigError`` naming the key that is wrong."""
    values = apply_overrides(read_yaml(config_path), overrides)
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(
            f"{config_path} does not say what to train",
            got=f"kind: {kind}",
            expected=f"kind: one of {', '.join(KINDS)}",
        )
    return validate_config(KINDS[kind], values, where=str(config_path))


def _trainer(chosen: AnyRun) -> Callable[[], bool]:
    match chosen:
        case TokenizerRun():
            return lambda: train_text_tokenizer(chosen)
        case CodecRun():
            return lambda: train_codec(chosen)
        case ModelRun():
            return lambda: train_model(chosen)
