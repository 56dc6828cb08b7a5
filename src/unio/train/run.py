"""`run`: a YAML file and overrides become a training run, told apart by the file's ``kind``."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from unio.core import ConfigError, apply_overrides, read_yaml, validate_config
from unio.media import write_whole
from unio.train.choices import resolve_mixture
from unio.train.codec_training import CodecRun, train_codec
from unio.train.model_building import resolved_config
from unio.train.model_config import ModelRun
from unio.train.model_training import train_model
from unio.train.plan import check_shares, plan_run
from unio.train.plan_text import describe_plan
from unio.train.processes import SOLO, Processes
from unio.train.resampler_training import ResamplerRun, train_resampler
from unio.train.stages import StageLog, StagesRun
from unio.train.tokenizer_training import TokenizerRun, train_text_tokenizer
from unio.train.vocoder_training import VocoderRun, train_vocoder

__all__ = ["AnyRun", "describe_run", "read_run", "run"]

AnyRun = TokenizerRun | CodecRun | VocoderRun | ResamplerRun | ModelRun | StagesRun

KINDS: dict[str, type[AnyRun]] = {
    "tokenizer": TokenizerRun,
    "image_codec": CodecRun,
    "audio_codec": CodecRun,
    "vocoder": VocoderRun,
    "image_resampler": ResamplerRun,
    "model": ModelRun,
    "stages": StagesRun,
}


def run(config_path: str | Path, overrides: Sequence[str] = (), *, processes: Processes = SOLO) -> bool:
    """Train what the YAML file describes, with dotted ``key=value`` overrides, from the last checkpoint on.

    True when all of it is done, False if it was stopped. The resolved configuration is written to
    ``out/config.yaml``. Every one of ``processes`` calls it. Raises ``UnioError`` for whatever the user
    can mend.
    """
    chosen = read_run(config_path, overrides)
    if processes.size > 1 and not isinstance(chosen, ModelRun):
        raise ConfigError(
            f"kind {chosen.kind} is trained by one process",
            got=f"{processes.size} processes",
            fix="start it without torchrun",
        )
    if processes.is_first:
        resolved: dict[str, Any] = chosen.model_dump(mode="json")
        write_whole(chosen.out / "config.yaml", yaml.safe_dump(resolved, sort_keys=False).encode())
    match chosen:
        case TokenizerRun():
            train_text_tokenizer(chosen)
            return True
        case CodecRun():
            return train_codec(chosen)
        case VocoderRun():
            return train_vocoder(chosen)
        case ResamplerRun():
            return train_resampler(chosen)
        case ModelRun():
            return train_model(chosen, processes=processes)
        case StagesRun():
            return _run_stages(chosen, folder=Path(config_path).parent)


def _run_stages(recipe: StagesRun, *, folder: Path) -> bool:
    """Each stage in order, until one is stopped."""
    log = StageLog(recipe.out)
    for name, stage in recipe.stages.items():
        log.start()
        is_done = run(folder / stage.config, [*stage.overrides, *stage.more])
        print(log.finish(name, is_done=is_done), file=sys.stderr)
        if not is_done:
            return False
    return True


def describe_run(
    config_path: str | Path,
    overrides: Sequence[str] = (),
    *,
    devices: int,
    peak_tflops: float,
    mfu: float,
    sizes: str | None = None,
) -> str:
    """What a model's run would take on ``devices`` devices, in lines of text; nothing is made or loaded.

    ``sizes`` is the preset of a model in ``start`` that is not there yet. Raises ``ConfigError`` for another
    kind of run, or more devices than the batches can be shared over.
    """
    chosen = read_run(config_path, overrides)
    if not isinstance(chosen, ModelRun):
        raise ConfigError(
            "only a model's run can be planned", got=f"kind: {chosen.kind}", expected="kind: model"
        )
    check_shares(chosen, devices=devices)
    planned = plan_run(chosen, config=resolved_config(chosen, sizes=sizes), devices=devices)
    return describe_plan(planned, peak_flops=peak_tflops * 1e12, mfu=mfu)


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
    return validate_config(KINDS[kind], resolve_mixture(values), where=str(config_path))
