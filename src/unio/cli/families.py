"""Which families a command asks a model: those that are named, or those it was trained on."""

from collections.abc import Sequence
from typing import Annotated

import typer

from unio.core import InputError

__all__ = ["Families", "choose_families"]

Families = Annotated[
    str | None,
    typer.Option(
        "--families", metavar="A,B", help="Only these families (default: those the model was trained on)."
    ),
]


def choose_families(names: str | None, *, known: Sequence[str], model: str) -> list[str]:
    """The names in ``a,b``; without them those of ``known`` that the model's folder says it was trained on.

    A folder that does not say gives all of ``known``. What is left out is told on the error stream, where
    it is in the way of no result. Raises ``InputError`` if nothing of ``known`` was trained on.
    """
    if names is not None:
        return [name.strip() for name in names.split(",") if name.strip()]
    from unio.infer import model_folder, read_training_record

    record = read_training_record(model_folder(model))
    if record is None:
        return list(known)
    chosen = [name for name in known if name in record.families]
    left_out = ", ".join(name for name in known if name not in record.families)
    if not chosen:
        raise InputError(
            f"{model} was trained on no family of the playroom",
            got=", ".join(record.families) or "none",
            fix="name some with --families A,B",
        )
    if left_out:
        typer.echo(f"left out, {model} was not trained on them: {left_out} (--families takes any)", err=True)
    return chosen
