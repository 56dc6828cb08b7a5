"""How ``unio run`` loads a model and answers with it: the options for it, and what is checked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from unio.core import apply_overrides, validate_config

if TYPE_CHECKING:
    from unio.data.tasks import Task
    from unio.media import Prediction

__all__ = [
    "Compiled",
    "Decode",
    "Device",
    "Dtype",
    "Limit",
    "Quantise",
    "Tokenizer",
    "Wanted",
    "answer_request",
]

Device = Annotated[
    str | None,
    typer.Option("--device", metavar="NAME", help="Where to run: cpu, cuda, cuda:1. [default: cuda if any]"),
]
Dtype = Annotated[
    Literal["float32", "bfloat16", "float16"] | None,
    typer.Option("--dtype", help="Precision of the trunk; bfloat16 halves its memory. [default: float32]"),
]
Quantise = Annotated[
    Literal["int8", "int4"] | None,
    typer.Option("--quantise", help="Bits of the decoder's weights, for faster answers on a CPU."),
]
Compiled = Annotated[
    bool,
    typer.Option("--compiled", help="Decode by compiled code: for long answers of large models."),
]
Tokenizer = Annotated[
    str | None,
    typer.Option(
        "--tokenizer",
        metavar="FILE",
        help="LLaMA's tokenizer.model, a folder with one, or a name on the hub, for a model without its own.",
    ),
]
Decode = Annotated[
    list[str] | None,
    typer.Option(
        "--decode",
        metavar="NAME=VALUE",
        help="How the answer is decoded: temperature, top_k, top_p, guidance, max_tokens, candidates, "
        "jacobi_window; repeat. [default: the model's own for the task]",
    ),
]
Limit = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="What a file may be, such as image.max_pixels=80000000, audio.max_seconds=600 or "
        "video.max_frames=20000; repeat.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the options say beside the inputs."""

    model: str
    seed: int
    device: str | None
    dtype: str | None
    quantise: str | None
    compiled: bool
    tokenizer: str | None
    decode: Sequence[str]
    limit: Sequence[str]


def answer_request(family: "Task", inputs: dict[str, Any], wanted: Wanted) -> "Prediction":
    """The answer of the model, of which only the parts are loaded that the request needs.

    Every mistake in the inputs and options is told before the weights are fetched or read.
    """
    from unio.media import MediaLimits
    from unio.schema import DecodingOptions, Geometry

    limits = validate_config(MediaLimits, apply_overrides({}, wanted.limit), where="--limit")
    example = family.request(limits=limits, **inputs)

    def changed(options: DecodingOptions) -> DecodingOptions:
        values = apply_overrides(options.model_dump(), wanted.decode)
        return validate_config(DecodingOptions, values, where="--decode")

    changed(family.decoding)
    from unio.infer import generation_defaults, load, model_folder, needed_modalities
    from unio.model import read_model_config

    folder = model_folder(wanted.model)
    geometry = read_model_config(folder).geometry
    options = changed(generation_defaults(folder).of_task(family))
    if geometry != Geometry():  # another model looks at other frames and segments of a video
        example = family.request(geometry, limits=limits, **inputs)
    predictor = load(
        wanted.model,
        device=wanted.device,
        dtype=wanted.dtype,
        quantise=wanted.quantise,
        compiled=wanted.compiled,
        modalities=needed_modalities(example, geometry, options=options),
        tokenizer=wanted.tokenizer,
        limits=limits,
    )
    return predictor.perform(family, example, seed=wanted.seed, options=options)
