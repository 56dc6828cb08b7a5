"""How well a model foretells the codes of pictures it has to invent, and what ways of decoding make of them.

    python benchmarks/drawing.py [--model unio-nano] [--scenes 64]
    python benchmarks/drawing.py --decode "guidance=6 top_p=0.95" "guidance=1.5 top_k=60 candidates=4"
    python benchmarks/drawing.py --family image_edit --decode "temperature=0.3" "temperature=0.7 guidance=1.5"

Without --decode: cross-entropy a code in nats, every code before told, on things (cells with a pixel whose
channels differ by more than half of the range) and elsewhere, and the part of the loss that each makes up.
With --decode: a family's scores for each set of options, on scenes that no table uses.
"""

import argparse
import time
from statistics import fmean

import numpy as np
import torch

import unio
from unio.core import apply_overrides, validate_config
from unio.data import collate, featurise
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS
from unio.model import compute_loss
from unio.schema import DecodingOptions, TargetModality

FAMILIES = ("image_from_text", "image_from_segmentation", "image_edit", "next_frame")
COLOURFUL = 0.5
SEED = 1
"""Of the scenes that decoding is chosen on; tables have 0."""


@torch.inference_mode()
def print_losses(predictor: unio.Predictor, *, scenes: int) -> None:
    source, geometry = PlayroomSource(split="test"), predictor.model.config.geometry
    rows, columns = geometry.image.code_grid
    print(
        "| family | all | things | elsewhere | codes on things | loss elsewhere |\n|---|---|---|---|---|---|"
    )
    for family in FAMILIES:
        features = [
            featurise(source.example(family, 0, index), tokenizer=predictor.tokenizer, geometry=geometry)
            for index in range(scenes)
        ]
        batch = collate(features, geometry=geometry)
        media = batch.targets[TargetModality.IMAGE].media
        assert media is not None, "pictures to be made are not tokenized yet"
        cells = media.reshape(scenes, rows, media.shape[1] // rows, columns, -1, 3)
        on_things = np.ptp(cells, axis=-1).max(axis=(2, 4)).reshape(scenes, -1) > COLOURFUL
        report = compute_loss(predictor.model, batch.map(torch.as_tensor))
        losses = report.modalities[TargetModality.IMAGE].by_token.float().numpy()
        elsewhere = losses[~on_things].sum() / losses.sum()
        print(
            f"| {family} | {losses.mean():.2f} | {losses[on_things].mean():.2f} "
            f"| {losses[~on_things].mean():.2f} | {on_things.mean():.0%} | {elsewhere:.0%} |",
            flush=True,
        )


def print_scores(predictor: unio.Predictor, name: str, ways: list[str], *, scenes: int) -> None:
    family, source = TASKS.get(name), PlayroomSource(split="test")
    examples = [source.example(name, SEED, index) for index in range(scenes)]
    for number, way in enumerate(ways):
        values = apply_overrides({}, way.split())
        options = validate_config(DecodingOptions, values, where="--decode")
        began = time.perf_counter()
        seeded = [options.model_copy(update={"seed": 1000 + index}) for index in range(scenes)]
        outputs = predictor.answer(examples, seeded)
        seconds = (time.perf_counter() - began) / scenes
        scores = [
            family.score(family.parse(output, example), example.truth)
            for output, example in zip(outputs, examples, strict=True)
        ]
        if number == 0:
            print(f"| options | {' | '.join(scores[0])} | s a picture |")
            print("|---" * (len(scores[0]) + 2) + "|")
        means = [f"{fmean(one[metric] for one in scores):.3f}" for metric in scores[0]]
        print(f"| {way} | {' | '.join(means)} | {seconds:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="unio-nano")
    parser.add_argument("--scenes", type=int, default=64)
    parser.add_argument("--family", default="image_from_text", help="whose pictures --decode scores")
    parser.add_argument("--decode", nargs="*", default=[], metavar="OPTIONS")
    given = parser.parse_args()
    predictor = unio.load(given.model)
    if given.decode:
        print_scores(predictor, given.family, given.decode, scenes=given.scenes)
    else:
        print_losses(predictor, scenes=given.scenes)


if __name__ == "__main__":
    main()
