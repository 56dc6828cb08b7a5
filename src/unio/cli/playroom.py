"""``unio playroom``: the built-in world by itself."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unio.cli.options import Seed, SplitName, prepare_folder

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
) -> None:
    """Render one scene with all its ground truth, and one drop with its sound.

    Writes picture.png, boxes.png, depth.png, depth.npy (metres), normals.png, normals.npy, ids.npy (thing
    of each pixel; -1 floor, -2 sky), scene.json, drop.webp and drop.wav.
    """
    from unio.playroom import drop_episode, render, sample_scene
    from unio.playroom.episode import FRAME_RATE
    from unio.playroom.scene import check_split

    scene = sample_scene(seed, check_split(split))
    folder = prepare_folder(out)
    import numpy as np

    from unio.media import (
        Prediction,
        colour_depth,
        colour_normals,
        encode_animation,
        save_audio,
        save_image,
        write_whole,
    )

    frame = render(scene, size=size)
    names = tuple(thing.name for thing in scene.things)
    save_image(frame.rgb, folder / "picture.png")
    save_image(colour_depth(frame.depth), folder / "depth.png")
    save_image(colour_normals(frame.normals), folder / "normals.png")
    boxes = Prediction(task="boxes", boxes=frame.boxes() * size, labels=names, source=frame.rgb)
    boxes.save(folder / "boxes.png")
    Prediction(task="depth", depth=frame.depth).save(folder / "depth.npy")
    Prediction(task="normals", normals=frame.normals).save(folder / "normals.npy")
    np.save(folder / "ids.npy", frame.ids)
    write_whole(folder / "scene.json", f"{json.dumps(asdict(scene), indent=1)}\n".encode())
    episode = drop_episode(seed, scene.split)
    frames = [render(state, size=size).rgb for state in episode.scenes]
    write_whole(folder / "drop.webp", encode_animation(frames, frames_per_second=FRAME_RATE))
    save_audio(episode.waveform, folder / "drop.wav")
    typer.echo(f"{', '.join(names)}: {folder}")
