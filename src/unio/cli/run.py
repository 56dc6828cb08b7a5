"""``unio run``: one task on the user's own picture, sound or words."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unio.cli.answering import (
    Compiled,
    Decode,
    Device,
    Dtype,
    Limit,
    Quantise,
    Tokenizer,
    Wanted,
    answer_request,
)
from unio.cli.options import DEFAULT_MODEL, AsJson, Model, Seed, check_folder
from unio.core import InputError

if TYPE_CHECKING:
    from unio.media import Prediction

__all__ = ["run"]

OWN_OPTIONS = {
    name: f"--{name.replace('_', '-')}"
    for name in ("image", "audio", "video", "text", "box", "choices", "pose", "image_history")
}
"""Inputs that are not given by ``--input``."""


def run(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A family's name; see: unio tasks.")],
    image: Annotated[
        Path | None, typer.Option("--image", metavar="FILE", help="The picture to look at.")
    ] = None,
    audio: Annotated[
        Path | None, typer.Option("--audio", metavar="FILE", help="The sound to listen to.")
    ] = None,
    video: Annotated[
        Path | None, typer.Option("--video", metavar="FILE", help="The video to watch and listen to.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="TEXT", help="The question, phrase or instruction.")
    ] = None,
    box: Annotated[
        str | None,
        typer.Option("--box", metavar="Y1,X1,Y2,X2", help="A region of the picture, in its pixels."),
    ] = None,
    choices: Annotated[
        str | None,
        typer.Option("--choices", metavar="A;B;..", help="The answers to choose from, semicolons between."),
    ] = None,
    pose: Annotated[
        str | None,
        typer.Option(
            "--pose",
            metavar="POLAR,AZIMUTH,DISTANCE",
            help="How the camera moves: two angles in radians, a distance in metres.",
        ),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="NAME=VALUE", help="Any other input of the task; repeat."),
    ] = None,
    image_history: Annotated[
        list[Path] | None,
        typer.Option("--image-history", metavar="FILE", help="An earlier frame; repeat, oldest first."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to save the answer: .png draws it, .json tells it, .wav, .txt, .npy where they fit. "
            "Without it a picture or a sound is saved as TASK.png or TASK.wav.",
        ),
    ] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
    model: Model = DEFAULT_MODEL,
    tokenizer: Tokenizer = None,
    device: Device = None,
    dtype: Dtype = None,
    quantise: Quantise = None,
    compiled: Compiled = False,
    decode: Decode = None,
    limit: Limit = None,
) -> None:
    """Do one task and print the answer, or save it. Of the model only the parts it needs are loaded."""
    from unio.data.tasks import task as find_task

    family = find_task(task)
    inputs: dict[str, Any] = {
        "image": image,
        "audio": audio,
        "video": video,
        "text": text,
        "box": None if box is None else parse_box(box),
        "choices": choices,
        "pose": pose,
        "image_history": image_history or None,
        **parse_more(more or []),
    }
    given = {name: value for name, value in inputs.items() if value is not None}
    if out is not None:
        check_folder(out.parent)
    wanted = Wanted(
        model=model,
        seed=seed,
        device=device,
        dtype=dtype,
        quantise=quantise,
        compiled=compiled,
        tokenizer=tokenizer,
        decode=decode or (),
        limit=limit or (),
    )
    prediction = answer_request(family, given, wanted)
    place = out or default_place(prediction)
    saved = None if place is None else prediction.save(place)
    tell(prediction, saved=saved, as_json=as_json)


def tell(prediction: "Prediction", *, saved: Path | None, as_json: bool) -> None:
    """Print an answer: its JSON, or its words and places, its scores, best first, and where it was saved."""
    if as_json:
        told = prediction.to_json()
        typer.echo(json.dumps(told if saved is None else {**told, "saved": str(saved)}))
        return
    words = prediction.describe()
    if words:
        typer.echo(words)
    for choice, score in sorted(prediction.scores.items(), key=lambda item: -item[1]):
        typer.echo(f"{score:9.4f}  {choice}")
    if saved is not None:
        typer.echo(f"saved {saved}")


def parse_box(text: str) -> tuple[float, ...]:
    """Four numbers from ``y1,x1,y2,x2``. Raises `InputError` for anything else."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != 4:
        raise InputError("bad --box", got=repr(text), expected="four numbers y1,x1,y2,x2 in pixels")
    return numbers


def parse_more(texts: list[str]) -> dict[str, str]:
    """The inputs in ``name=value`` texts. Raises `InputError` for another form, or a file given so."""
    found: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise InputError("bad --input", got=repr(text), expected="NAME=VALUE, such as control=depth")
        if name in OWN_OPTIONS:
            raise InputError(
                f"{name!r} has an option of its own", got=f"--input {text}", fix=f"use {OWN_OPTIONS[name]}"
            )
        found[name] = value
    return found


def default_place(prediction: "Prediction") -> Path | None:
    """Where an answer that cannot be printed is saved when no place was named."""
    if prediction.audio is not None:
        return Path(f"{prediction.task}.wav")
    is_map = any(
        array is not None
        for array in (
            prediction.image,
            prediction.depth,
            prediction.normals,
            prediction.flow,
            prediction.mask,
        )
    )
    return Path(f"{prediction.task}.png") if is_map else None
