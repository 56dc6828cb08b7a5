"""``unio convert``: from the published layout to unio's, and back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from unio.cli.options import check_folder
from unio.core import InputError

if TYPE_CHECKING:
    from unio.vocab import TextTokenizer

__all__ = ["convert"]


def convert(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A folder in either layout, or a name on the hub.")
    ],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The folder to be made.")],
    layout: Annotated[
        Literal["unio", "reference"],
        typer.Option("--to", help="Layout to write: unio's, or that of the published checkpoints."),
    ] = "unio",
    tokenizer: Annotated[
        str | None,
        typer.Option(
            "--tokenizer",
            metavar="FILE",
            help="LLaMA's tokenizer.model, a folder with one, or a name on the hub; "
            "without it the source's own is copied.",
        ),
    ] = None,
    shard_megabytes: Annotated[
        int, typer.Option("--shard-megabytes", min=1, metavar="N", help="Most megabytes of a weights file.")
    ] = 2000,
) -> None:
    """Write a model's weights in the other layout, bit for bit.

    A folder in unio's layout gets the tokenizer, generation and preprocessing settings and a model card.
    """
    from unio.infer import generation_defaults, model_folder, read_training_record, write_companions
    from unio.infer.tokenizer_source import TOKENIZER_FILE
    from unio.model import convert_weights, open_model_folder

    check_folder(target)
    if target.is_dir() and any(target.iterdir()):
        raise InputError(f"{target} is not empty", expected="a new or empty folder", fix="name another")
    opened = open_model_folder(model_folder(source))
    found = _find(source, tokenizer, folder=opened.folder, rows=opened.config.text_vocab_rows)
    defaults = generation_defaults(opened.folder)
    convert_weights(opened, target, layout=layout, shard_bytes=shard_megabytes * 1_000_000)
    if layout == "unio":
        write_companions(
            target,
            tokenizer=found,
            defaults=defaults,
            trained_on=read_training_record(opened.folder),
        )
    elif found is not None:
        (target / TOKENIZER_FILE).write_bytes(found.file_bytes)
    typer.echo(f"wrote {target}: {len(opened.specs)} tensors in the {layout} layout")
    if found is None:
        typer.echo(f"without a tokenizer: put a {TOKENIZER_FILE} there, or convert with --tokenizer")


def _find(source: str, tokenizer: str | None, *, folder: Path, rows: int) -> "TextTokenizer | None":
    """The tokenizer to go with the weights; None if none was named and the source has none."""
    from unio.infer import RELEASED_MODELS, find_tokenizer
    from unio.infer.tokenizer_source import TOKENIZER_FILE

    if tokenizer is None and not (folder / TOKENIZER_FILE).is_file():
        return None
    return find_tokenizer(tokenizer, folder=folder, rows=rows, must_be_llama=source in RELEASED_MODELS)
