"""``unio train``: tokenizer, codecs or model, from a YAML file; under torchrun, in many processes."""

import os
from pathlib import Path
from typing import Annotated

import typer

from unio.core import ConfigError

__all__ = ["train"]


def train(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="A run file, such as configs/nano/model.yaml.")
    ],
    overrides: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY=VALUE", help="Settings in place of the file's: loop.steps=200."),
    ] = None,
    is_plan: Annotated[
        bool, typer.Option("--plan", help="Print memory, work and time of a model's run; train nothing.")
    ] = False,
    devices: Annotated[int, typer.Option("--devices", min=1, metavar="N", help="Devices to plan for.")] = 1,
    sizes: Annotated[
        str | None,
        typer.Option(
            "--sizes", metavar="PRESET", help="To plan a start that is not there yet: nano, large, xl or xxl."
        ),
    ] = None,
    peak_tflops: Annotated[
        float,
        typer.Option("--peak", min=0.001, metavar="TFLOPS", help="Peak speed of a device to plan for."),
    ] = 989.4,
    mfu: Annotated[
        float, typer.Option("--mfu", min=0.001, max=1.0, metavar="SHARE", help="Share of the peak reached.")
    ] = 0.4,
) -> None:
    """Train what a run file describes; the same command goes on where a stopped run left off."""
    from unio.train import Processes, describe_run, run

    if is_plan:
        print(
            describe_run(
                config, overrides or [], devices=devices, peak_tflops=peak_tflops, mfu=mfu, sizes=sizes
            )
        )
        return
    run(
        config,
        overrides or [],
        processes=Processes(
            rank=_from_launcher("RANK", 0),
            size=_from_launcher("WORLD_SIZE", 1),
            local_rank=_from_launcher("LOCAL_RANK", 0),
        ),
    )


def _from_launcher(name: str, default: int) -> int:
    """What torchrun has put into the environment. Raises ``ConfigError`` for what is no number."""
    text = os.environ.get(name, str(default))
    if not text.isdigit():
        raise ConfigError(f"the environment variable {name} is no number", got=repr(text))
    return int(text)
