"""The exported model: a folder that ``unio.load`` reads, with a card that says how it was made."""

import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from unio.data import family_of
from unio.data.sources.builder import load_builder
from unio.infer import (
    GENERATION_FILE,
    GenerationDefaults,
    TrainingRecord,
    generation_defaults,
    read_training_record,
    write_generation_defaults,
    write_training_record,
)
from unio.media import write_whole
from unio.model import UnifiedIO, save_model
from unio.model.fill import fill_parameters
from unio.train.adapters import as_plain, save_adapters
from unio.train.log_file import LOG, read_log
from unio.train.model_config import ModelRun
from unio.train.processes import SOLO, Processes
from unio.train.sharding import full_tensors

__all__ = [
    "SHARD_BYTES",
    "TOKENIZER_FILE",
    "export_model",
    "export_run",
    "tokenizer_path",
    "write_card",
    "write_decoding",
]

SHARD_BYTES = 15_000_000
"""Most bytes of a weights file, so that the folder can live in a Git repository."""

LARGE_SHARD_BYTES = 2_000_000_000
"""The same for a model that would make hundreds of them."""

TOKENIZER_FILE = "tokenizer.model"

CARD = "README.md"

HEADING = re.compile("^(#+) ")


def tokenizer_path(run: ModelRun) -> Path:
    """The run's tokenizer file: its own, or that of the model it starts from."""
    if run.tokenizer is not None:
        return run.tokenizer
    assert run.start is not None, "checked with the configuration"
    return run.start / TOKENIZER_FILE


def export_run(
    model: UnifiedIO, run: ModelRun, *, step: int, data: str | None = None, processes: Processes = SOLO
) -> str:
    """Write what the run's save gives to use; every process must call it. A line that says where.

    Adapters go to ``out/adapters``, a whole model to ``out/model`` with its adapters merged in. ``data`` says
    in the card where the examples came from, where the run itself does not know.
    """
    if run.export == "adapters":
        assert run.lora is not None, "checked with the configuration"
        save_adapters(model, run.lora, run.out / "adapters")
        return f"step {step}: the adapters are in {run.out / 'adapters'}"
    folder = run.out / "model"
    if processes.size > 1:
        tensors = full_tensors(model, processes=processes)
        if processes.is_first:
            whole = UnifiedIO(model.config)
            fill_parameters(whole, tensors)
            export_model(whole, run, folder, step=step, data=data)
        processes.wait()
    else:
        with as_plain(model):
            export_model(model, run, folder, step=step, data=data)
    return f"step {step}: the model is in {folder}"


def export_model(
    model: UnifiedIO, run: ModelRun, folder: Path, *, step: int, data: str | None = None
) -> None:
    """Write bf16 weights in shards, the tokenizer, the record of what was trained on and the card.

    A folder that is there is replaced.
    """
    size = 2 * sum(value.numel() for value in model.parameters())
    shard_bytes = SHARD_BYTES if size < LARGE_SHARD_BYTES else LARGE_SHARD_BYTES
    save_model(model, folder, dtype="bfloat16", shard_bytes=shard_bytes)
    shutil.copyfile(tokenizer_path(run), folder / TOKENIZER_FILE)
    write_training_record(TrainingRecord(families=trained_families(run)), folder)
    write_decoding(run, folder)
    write_card(model, run, folder / CARD, step=step, data=data)
    if (run.out / "curves.png").exists():
        shutil.copyfile(run.out / "curves.png", folder / "curves.png")


def write_decoding(run: ModelRun, folder: Path) -> None:
    """How the model wants to be decoded, where it or the one it starts from wants it in its own way."""
    start = GenerationDefaults() if run.start is None else generation_defaults(run.start)
    defaults = start.model_copy(update={"tasks": {**start.tasks, **run.decoding}})
    if defaults == GenerationDefaults():
        (folder / GENERATION_FILE).unlink(missing_ok=True)
    else:
        write_generation_defaults(defaults, folder)


def trained_families(run: ModelRun) -> tuple[str, ...]:
    """Families of the run's mixture, by name, with those that the model it starts from tells of.

    One of the latter whose weight in the mixture is 0 is given up.
    """
    start = None if run.start is None else read_training_record(run.start)
    earlier = set(() if start is None else start.families)
    given_up = {family_of(name) for name, weight in run.mixture.weights.items() if weight == 0}
    own = {family_of(name) for name, share in run.mixture.shares.items() if share > 0}
    return tuple(sorted((earlier - given_up) | own))


def write_card(model: UnifiedIO, run: ModelRun, path: Path, *, step: int, data: str | None = None) -> None:
    """Write the model card: what it is, its data, its recipe, the figures of its log."""
    lines = read_log(run.out / LOG) if (run.out / LOG).exists() else []
    recipe: dict[str, Any] = run.model_dump(mode="json", exclude={"out"}, exclude_defaults=True)
    write_whole(path, _card(model, run, lines, recipe, step=step, data=data or _data(run)).encode())


def _card(
    model: UnifiedIO,
    run: ModelRun,
    lines: list[dict[str, Any]],
    recipe: dict[str, Any],
    *,
    step: int,
    data: str,
) -> str:
    parameters = sum(value.numel() for value in model.parameters())
    codecs = sum(
        value.numel() for codec in (model.image_codec, model.audio_codec) for value in codec.parameters()
    )
    tasks = ", ".join(f"{name} {share:.1%}" for name, share in sorted(run.mixture.shares.items()))
    figures = _figures(lines, step=step)
    return f"""# {run.name}

A Unified-IO 2 model of {parameters / 1e6:.1f} M parameters, of which {codecs / 1e6:.1f} M are its codecs.
{_weights(run)}

Data: {data}.

{figures}
Tasks: {tasks}.

![curves](curves.png)

## Recipe

```yaml
{yaml.safe_dump(recipe, sort_keys=False).strip()}
```
{_earlier(run)}"""


def _earlier(run: ModelRun) -> str:
    """The card of the model that the run starts from, under a heading of its own: where it all began."""
    if run.start is None or not (run.start / CARD).is_file():
        return ""
    card = (run.start / CARD).read_text(encoding="utf-8")
    lines = [line for line in card.splitlines() if not line.startswith("![")]  # its curves stay behind
    demoted = "\n".join(HEADING.sub(_demoted, line) for line in lines)
    return f"\n## Before that\n\n{demoted.strip()}\n"


def _demoted(heading: re.Match[str]) -> str:
    return f"{'#' * min(len(heading[1]) + 2, 6)} "  # Markdown has six levels


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


def _data(run: ModelRun) -> str:
    """Where the examples came from: the playroom, data sets with their licences, or both."""
    told: list[str] = []
    if run.source.kind == "playroom" and any("/" not in name for name in run.mixture.shares):
        told.append(f"the playroom, split `{run.source.split}`, made by a simulator")
    for name in run.source.folders:
        builder = load_builder(run.source.builders / f"{name}.yaml")
        told.append(f"{builder.title} (licence: {builder.licence})")
    return "; ".join(told)


def _weights(run: ModelRun) -> str:
    origin = "" if run.start is None else f" Training went on from {run.start.name}."
    if run.average_decay == 0:
        return f"Weights are those of the last step, stored as bfloat16.{origin}"
    return f"Weights are averaged over training (decay {run.average_decay}) and stored as bfloat16.{origin}"
