"""``unio playroom``: the built-in world by itself."""

from pathlib import Path
from typing import Annotated

import typer

from unio.cli.options import Seed, SplitName, check_folder
from unio.cli.playroom_shards import FORMATS, write_data_set

__all__ = ["playroom", "render_command"]

playroom = typer.Typer(help="The built-in world by itself.", rich_markup_mode=None)


@playroom.callback()
def _group() -> None:  # pyright: ignore[reportUnusedFunction] - Typer keeps `render` a sub-command by it
    """The built-in world by itself."""


@playroom.command("render")
def render_command(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")],
    seed: Seed = 0,
    split: SplitName = "test",
    size: Annotated[
        int, typer.Option("--size", min=16, max=1024, metavar="PIXELS", help="Side of the pictures.")
    ] = 256,
    kind: Annotated[
        str, typer.Option("--format", metavar="NAME", help=f"One scene or a data set: {', '.join(FORMATS)}.")
    ] = "files",
    count: Annotated[int, typer.Option("--count", min=1, metavar="N", help="Entries of a data set.")] = 1000,
    per_shard: Annotated[
        int, typer.Option("--per-shard", min=1, metavar="N", help="Entries in each of its files.")
    ] = 250,
    workers: Annotated[
        int, typer.Option("--workers", min=0, metavar="N", help="Processes that write it; 0: this one.")
    ] = 2,
    world: Annotated[
        str, typer.Option("--world", metavar="NAME", help="World of a data set: first, or full with dolls.")
    ] = "first",
) -> None:
    """Render one scene with all its ground truth, or a data set of many.

    files: rgb.png, depth.png (16 bits, millimetres), normals.png, ids.png, scene.json and sound.wav for
    programs; look.png (boxes, depth and normals side by side) and drop.webp (its things dropped) for people.

    webdataset, webdataset-sounds, jsonl, coco, lerobot: shards of a data set that every reader of the format
    opens, and builder.yaml for unio's own. The same command goes on where it was cut short.
    """
    if kind != "files":
        told = write_data_set(
            check_folder(out),
            kind=kind,
            split=split,
            world=world,
            size=size,
            seed=seed,
            count=count,
            per_shard=per_shard,
            workers=workers,
        )
        typer.echo(told)
        return
    _write_files(out, seed=seed, split=split, size=size)


def _write_files(out: Path, *, seed: int, split: str, size: int) -> None:
    """One scene, for programs and for people."""
    from unio.playroom import sample_scene
    from unio.playroom.scene import check_split

    scene = sample_scene(seed, check_split(split))
    folder = check_folder(out)
    from unio.media import (
        colour_depth,
        colour_normals,
        draw_boxes,
        encode_animation,
        save_image,
        side_by_side,
        write_whole,
    )
    from unio.playroom import render
    from unio.playroom.episode import FRAME_RATE
    from unio.playroom.export import write_scene
    from unio.playroom.happenings import drop

    write_scene(scene, folder, size=size)
    frame = render(scene, size=size)
    names = [f"{thing.colour} {thing.shape}" for thing in scene.things]
    views = [
        draw_boxes(frame.rgb, frame.boxes() * size, labels=names),
        colour_depth(frame.depth),
        colour_normals(frame.normals),
    ]
    save_image(side_by_side(views, captions=["boxes", "depth", "normals"], height=size), folder / "look.png")
    film = [render(state, size=size).rgb for state in drop(scene).scenes]
    write_whole(folder / "drop.webp", encode_animation(film, frames_per_second=FRAME_RATE))
    typer.echo(f"{', '.join(names)}: {folder}")
