"""``unio info``: what a model folder holds."""

import json
from typing import Annotated, Any, cast

import typer

from unio.cli.options import AsJson

__all__ = ["describe_model", "info"]


def info(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A bundled model's name, or a folder.")],
    as_json: AsJson = False,
) -> None:
    """Show a model's sizes: parameters by part, sequence lengths, files."""
    facts = describe_model(model)
    if as_json:
        typer.echo(json.dumps(facts))
        return
    for name, value in facts.items():
        if isinstance(value, dict):
            typer.echo(name)
            for part, number in cast(dict[str, int], value).items():
                typer.echo(f"  {part:<24}{number:>16,}")
        else:
            typer.echo(f"{name:<26}{value:>16,}" if isinstance(value, int) else f"{name:<26}{value}")


def describe_model(model: str) -> dict[str, Any]:
    """Folder, parameters by part, lengths and file sizes of a model; loading it checks every tensor."""
    from unio.infer import load, model_folder

    folder = model_folder(model)
    predictor = load(model, device="cpu")
    geometry = predictor.model.config.geometry
    parameters = {
        name: sum(p.numel() for p in part.parameters()) for name, part in predictor.model.named_children()
    }
    down, across = geometry.image.code_grid
    time, mel = geometry.audio.code_grid
    return {
        "folder": str(folder),
        "parameters": sum(p.numel() for p in predictor.model.parameters()),
        "by part": {name: number for name, number in parameters.items() if number},
        "sequence": {
            "text tokens": geometry.text_length,
            "picture in, pixels": geometry.image.input_size,
            "picture out, pixels": geometry.image.target_size,
            "picture out, codes": down * across,
            "sound, samples": geometry.audio.segment_samples,
            "sound out, codes": time * mel,
        },
        "files, bytes": {
            path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()
        },
    }
