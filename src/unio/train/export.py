"""The exported model: a folder that ``unio.load`` reads, with a card that says how it was made."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from unio.media import write_whole
from unio.model import UnifiedIO, save_model
from unio.train.meters import LOG, read_log
from unio.train.model_config import ModelRun

__all__ = ["SHARD_BYTES", "export_model", "write_card"]

SHARD_BYTES = 15_000_000
"""Most bytes of a weights file, so that the folder can live in a Git repository."""


def export_model(model: UnifiedIO, run: ModelRun, folder: Path, *, step: int) -> None:
    """Write bf16 weights in shards, the tokenizer and the card. A folder that is there is replaced."""
    save_model(model, folder, dtype="bfloat16", shard_bytes=SHARD_BYTES)
    shutil.copyfile(run.tokenizer, folder / "tokenizer.model")
    write_card(model, run, folder / "README.md", step=step)
    if (run.out / "curves.png").exists():
        shutil.copyfile(run.out / "curves.png", folder / "curves.png")


def write_card(model: UnifiedIO, run: ModelRun, path: Path, *, step: int) -> None:
    """Write the model card: what it is, its recipe, the figures of its log."""
    lines = read_log(run.out / LOG) if (run.out / LOG).exists() else []
    recipe: dict[str, Any] = run.model_dump(mode="json", exclude={"out"}, exclude_defaults=True)
    write_whole(path, _card(model, run, lines, recipe, step=step).encode())


def _card(
    model: UnifiedIO, run: ModelRun, lines: list[dict[str, Any]], recipe: dict[str, Any], *, step: int
) -> str:
    parameters = sum(value.numel() for value in model.parameters())
    codecs = sum(
        value.numel() for codec in (model.image_codec, model.audio_codec) for value in codec.parameters()
    )
    tasks = ", ".join(f"{name} {share:.1%}" for name, share in sorted(run.mixture.shares.items()))
    figures = _figures(lines, step=step)
    return f"""# {run.name}

A Unified-IO 2 model of {parameters / 1e6:.1f} M parameters, of which {codecs / 1e6:.1f} M are its codecs.
Weights are averaged over training (decay {run.average_decay}) and stored as bfloat16.

Data: the {run.source.kind}, split `{run.source.split}`: made by a simulator, no outside data.

{figures}
Tasks: {tasks}.

![curves](curves.png)

## Recipe

```yaml
{yaml.safe_dump(recipe, sort_keys=False).strip()}
```
"""


def _figures(lines: list[dict[str, Any]], *, step: int) -> str:
    if not lines:
        return f"Training: {step:,} steps.\n"
    last = lines[-1]
    rows = "\n".join(f"| {name} | {value:.3f} |" for name, value in last["losses"].items())
    return f"""Training: {step:,} of the recipe's steps in {last["minutes"]:,.0f} minutes.

| loss at the end (nats a token) | |
|---|---|
{rows}
"""
