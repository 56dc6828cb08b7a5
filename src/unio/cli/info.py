"""``unio info``: what a model folder holds, told from its files' headers without reading the weights."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from unio.cli.options import AsJson

if TYPE_CHECKING:
    from unio.model import ModelFolder

__all__ = ["describe_model", "info"]

PRECISIONS = ("float32", "bfloat16")
MEMORY = "memory of the weights, bytes"


def info(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="A bundled model's name, a folder, or a name on the hub.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show a model's sizes: parameters by part, dtypes, memory for each use, sequence lengths, files."""
    facts = describe_model(model)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        if name == MEMORY:
            typer.echo(f"{name:<30}" + "".join(f"{precision:>16}" for precision in PRECISIONS))
            for use, sizes in value.items():
                typer.echo(f"  {use:<28}" + "".join(f"{sizes[precision]:>16,}" for precision in PRECISIONS))
        elif isinstance(value, dict):
            typer.echo(name)
            for part, number in cast(dict[str, int], value).items():
                typer.echo(f"  {part:<24}{number:>16,}")
        else:
            typer.echo(f"{name:<26}{value:>16,}" if isinstance(value, int) else f"{name:<26}{value}")


def describe_model(model: str) -> dict[str, Any]:
    """What a model's folder holds; every name, shape and file length is checked on the way."""
    from unio.infer import model_folder
    from unio.model import open_model_folder

    opened = open_model_folder(model_folder(model))
    specs = opened.specs
    parts: Counter[str] = Counter()
    dtypes: Counter[str] = Counter()
    for name, spec in specs.items():
        parts[name.partition(".")[0]] += spec.count
        dtypes[str(spec.dtype).removeprefix("torch.")] += spec.count
    return {
        "folder": str(opened.folder),
        "layout": opened.layout,
        "tokenizer": _tokenizer(opened),
        "parameters": sum(parts.values()),
        "by part": dict(parts),
        "stored as": dict(dtypes),
        MEMORY: _memory(opened),
        "sequence": _lengths(opened),
        "files, bytes": {
            path.name: path.stat().st_size for path in sorted(opened.folder.iterdir()) if path.is_file()
        },
    }


def _tokenizer(opened: "ModelFolder") -> str:
    """Of what kind the folder's tokenizer is; one that does not fit is an error."""
    from unio.infer import find_tokenizer
    from unio.infer.tokenizer_source import TOKENIZER_FILE

    if not (opened.folder / TOKENIZER_FILE).is_file():
        return f"none (the folder has no {TOKENIZER_FILE})"
    found = find_tokenizer(None, folder=opened.folder, rows=opened.config.text_vocab_rows)
    return f"{found.layout.base_size:,} pieces"


def _memory(opened: "ModelFolder") -> dict[str, dict[str, int]]:
    """Bytes for each use and each dtype of the trunk."""
    import torch

    from unio.model import MODALITY_SETS, weight_bytes

    specs = opened.specs
    return {
        use: {
            precision: weight_bytes(specs, dtype=getattr(torch, precision), modalities=modalities)
            for precision in PRECISIONS
        }
        for use, modalities in MODALITY_SETS.items()
    }


def _lengths(opened: "ModelFolder") -> dict[str, int]:
    geometry = opened.config.geometry
    down, across = geometry.image.code_grid
    time, mel = geometry.audio.code_grid
    return {
        "text tokens": geometry.text_length,
        "picture in, pixels": geometry.image.input_size,
        "picture out, pixels": geometry.image.target_size,
        "picture out, codes": down * across,
        "sound, samples": geometry.audio.segment_samples,
        "sound out, codes": time * mel,
    }
