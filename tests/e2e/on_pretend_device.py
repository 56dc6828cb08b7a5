"""Trains and answers on the CPU and on a pretended device, and prints what came of each as JSON.

    python on_pretend_device.py train KIND FORM BACKEND     losses of two steps of the tiny model
    python on_pretend_device.py answer FAMILY ...            answers of unio-nano

``{"here": ..., "there": ..., "reads": {line of unio's: times}}``.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "train"))

from pretend_device import NAME, PretendDevice
from tiny import tiny_config, tiny_learner, tiny_maker, tiny_packer, tiny_trainer

from unio import load
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS
from unio.model import random_model
from unio.train.log_file import read_log


def train(device: str, kind: str, form: str, backend: Any) -> list[dict[str, float]]:
    """The losses of each step, and gradient norms."""
    model = random_model(tiny_config(), seed=5).to(device)
    model.attention_backend = backend
    learner = tiny_learner(model=model, kind=kind)
    maker = tiny_maker() if form == "padded" else tiny_packer(form)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        tiny_trainer(learner, out, maker=maker, steps=2, save_every_steps=2).run()
        return [line["losses"] | {"norm": line["gradient_norm"]} for line in read_log(out / "log.jsonl")]


def answer(device: str, *families: str) -> list[Any]:
    """Text of each answer, or the mean colour of its picture."""
    predictor = load("unio-nano", device="cpu", dtype="float32")
    predictor.model.to(device)
    answers: list[Any] = []
    for family in families:
        example = PlayroomSource(split="test").example(family, 0, 3)
        output = predictor.answer([example], predictor.decoding(TASKS.get(family)))[0]
        answers.append(output.text if output.image is None else output.image.mean((0, 1)).tolist())
    return answers


def main() -> None:
    """Do what the command line says, twice."""
    what, *arguments = sys.argv[1:]
    do = {"train": train, "answer": answer}[what]
    sys.stdout, out = sys.stderr, sys.stdout
    here = do("cpu", *arguments)
    with PretendDevice() as device:
        there = do(NAME, *arguments)
    print(json.dumps({"here": here, "there": there, "reads": device.reads}), file=out)


if __name__ == "__main__":
    main()
