"""What loading a released model takes: seconds, and resident memory beside the weights.

    python benchmarks/loading.py [--preset large] [--folder FOLDER] [--forms] [--answers] [--size-only]

Makes a folder of that size in the published layout with seeded random weights in float32 (once, where
FOLDER has none), then loads it in fresh processes. Prints two Markdown tables: the weights each set of
modalities needs, from the sizes alone (``--size-only`` stops there), and what loading took. The peak is
the largest resident set of the process; "above start" leaves out Python and torch themselves. With
``--forms`` the same weights are also loaded whole, in both dtypes, from every other form they come in
(`weight_forms`). With ``--answers`` one more process loads everything in bfloat16, captions a picture,
draws one and makes a sound, and tells its peak. docs/weights.md has figures.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from weight_forms import WEIGHT_FORMS, make_weight_form

import unio
from unio.model import MODALITY_SETS, UnifiedIO, preset, weight_bytes, write_random_folder
from unio.model.tensor_files import TensorSpec
from unio.vocab import LLAMA_SIZE, train_tokenizer
from unio.vocab.pieces import encode_piece

DTYPES = ("float32", "bfloat16")
NORMAL_PIECE = 1
WHOLE = "everything"
MADE = "published, safetensors shards"
"""The form in which the folder is made."""


def stand_in_tokenizer(path: Path) -> None:
    """A tokenizer with as many pieces as LLaMA's: the ids mean nothing, but all of them exist."""
    with tempfile.TemporaryDirectory() as place:
        small = Path(place) / "small.model"
        train_tokenizer(["a red ball beside a blue box on the floor"] * 3, size=280, path=small)
        fillers = (
            encode_piece(f"\u2581filler{number}", score=-1e6, kind=NORMAL_PIECE)
            for number in range(LLAMA_SIZE - 280)
        )
        path.write_bytes(small.read_bytes() + b"".join(fillers))


def make_folder(name: str, folder: Path) -> None:
    """Weights in the published layout and a tokenizer, unless they are there."""
    if not (folder / "config.json").exists():
        start = time.perf_counter()
        write_random_folder(preset(name), folder, seed=0)
        print(f"wrote {folder} in {time.perf_counter() - start:.0f} s\n")
    stand_in_tokenizer(folder / "tokenizer.model")


def sizes_table(name: str) -> str:
    """Gigabytes of weights by use and dtype."""
    parameters = UnifiedIO(preset(name)).named_parameters()
    specs = {key: TensorSpec(shape=tuple(value.shape), dtype=torch.float32) for key, value in parameters}
    rows = [f"| weights of {name}, GB | {' | '.join(DTYPES)} |", "|---|---|---|"]
    for use, modalities in MODALITY_SETS.items():
        sizes = (weight_bytes(specs, dtype=getattr(torch, dtype), modalities=modalities) for dtype in DTYPES)
        rows.append(f"| {use} | {' | '.join(f'{size / 1e9:.2f}' for size in sizes)} |")
    return "\n".join(rows)


def resident(key: str) -> int:
    """Bytes of this process's resident set: VmRSS now, VmHWM at its largest (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"{key}:")]
    return int(line.split()[1]) * 1024


def load_once(folder: Path, use: str, dtype: str) -> dict[str, float]:
    """Load in this process and tell what it took."""
    started_at = resident("VmHWM")
    start = time.perf_counter()
    predictor = unio.load(folder, device="cpu", dtype=dtype, modalities=MODALITY_SETS[use])
    return {
        "weights": sum(parameter.nbytes for parameter in predictor.model.parameters()),
        "seconds": time.perf_counter() - start,
        "start": started_at,
        "peak": resident("VmHWM"),
    }


def answer_once(folder: Path, dtype: str) -> dict[str, float]:
    """Load, caption a picture, draw a picture, make a sound; the peak of it all."""
    predictor = unio.load(folder, device="cpu", dtype=dtype)
    told: dict[str, float] = {}
    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    requests = {
        "caption": lambda: predictor.run("caption", image=pixels),
        "picture": lambda: predictor.run("image_from_text", text="a red ball beside a blue box"),
        "sound": lambda: predictor.run("audio_from_text", text="a ball falls on wood"),
    }
    for name, ask in requests.items():
        start = time.perf_counter()
        ask()
        told[name] = time.perf_counter() - start
        told["peak"] = resident("VmHWM")
    return told


def loading_row(folder: Path, *, form: str, use: str, dtype: str) -> str:
    """One load, in a process of its own, as a row of the table."""
    told = in_fresh_process("--folder", str(folder), "--once", "load", use, dtype)
    above = told["peak"] - told["start"]
    return (
        f"| {form} | {use}, {dtype} | {told['weights'] / 1e9:.2f} | {above / 1e9:.2f} "
        f"| {above / told['weights']:.3f} | {told['peak'] / 1e9:.2f} | {told['seconds']:.1f} |"
    )


def print_loads(name: str, folder: Path, *, with_forms: bool) -> None:
    """Load the folder for every use, and the other forms of its weights whole."""
    print("\n| on disk | loaded | weights, GB | peak above start, GB | of the weights | peak, GB | seconds |")
    print("|---|---|---|---|---|---|---|")
    parts = [use for use in MODALITY_SETS if use != WHOLE]
    for use, dtype in [*((WHOLE, dtype) for dtype in DTYPES), *((use, "bfloat16") for use in parts)]:
        print(loading_row(folder, form=MADE, use=use, dtype=dtype), flush=True)
    for form in WEIGHT_FORMS if with_forms else ():
        with tempfile.TemporaryDirectory(dir=folder.parent) as place:
            other = Path(place) / "model"
            make_weight_form(form, folder, other, preset_name=name)
            for dtype in DTYPES:
                print(loading_row(other, form=form, use=WHOLE, dtype=dtype), flush=True)


def in_fresh_process(*arguments: str) -> dict[str, float]:
    """What this script tells when it is run again with ``arguments``."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="large", choices=["large", "xl", "xxl"])
    parser.add_argument("--folder", type=Path, help="Where the weights are, or are to be made.")
    parser.add_argument("--forms", action="store_true", help="Also load every other form of the weights.")
    parser.add_argument("--answers", action="store_true", help="Also answer a caption, a picture, a sound.")
    parser.add_argument("--size-only", action="store_true", help="Print the first table alone.")
    parser.add_argument("--once", nargs="+", metavar="WORD", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        kind, *rest = chosen.once
        told = load_once(chosen.folder, *rest) if kind == "load" else answer_once(chosen.folder, *rest)
        print(json.dumps(told))
        return
    print(sizes_table(chosen.preset), flush=True)
    if chosen.size_only:
        return
    with tempfile.TemporaryDirectory() as place:
        folder: Path = chosen.folder or Path(place) / "model"
        make_folder(chosen.preset, folder)
        print_loads(chosen.preset, folder, with_forms=chosen.forms)
        if chosen.answers:
            told = in_fresh_process("--folder", str(folder), "--once", "answer", "bfloat16")
            peak = told.pop("peak")
            spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in told.items())
            print(f"\nbfloat16, everything: {spent}; peak {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
