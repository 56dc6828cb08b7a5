"""How fast unio-nano is: loading, writing, drawing, sounding, training, and its playroom's renderer.

    python benchmarks/nano.py [--repeat 3] [--threads 2] [--batch 16] [--device cpu]

Prints a Markdown table; each figure is the best of ``--repeat`` runs after one warm-up. Where the
bundled model is not there, a model of the same size with random weights is timed, and the table says so.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from unio.core import WeightsError, random_stream
from unio.data import collate, featurise
from unio.infer import Predictor, load, model_folder
from unio.infer.grammar import AllowedTokens
from unio.model import compute_loss, preset, random_model, save_model
from unio.playroom import render, sample_scene
from unio.schema import DecodingOptions, Example, Picture, TargetModality
from unio.vocab import train_tokenizer

NANO = "unio-nano"
SCENES = 64
"""Pictures of one timing of the renderer."""


def best_seconds(action: Callable[[], object], repeat: int) -> float:
    """The shortest of ``repeat`` runs, after one that warms up."""
    action()
    times: list[float] = []
    for _ in range(repeat):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def random_nano(folder: Path) -> Path:
    """A folder with a model of nano's size: random weights, and a tokenizer of made-up words."""
    letters = list("abcdefghijklmnopqrstuvwxyz")
    rng = random_stream(0, "benchmark words")
    words = ["".join(rng.choice(letters, size=int(rng.integers(3, 9)))) for _ in range(4000)]
    train_tokenizer([" ".join(words)] * 2, size=1024, path=folder / "tokenizer.model")
    save_model(random_model(preset("nano"), seed=0), folder)
    return folder


def request(output: TargetModality, image: Picture | None = None) -> Example:
    """A request for text about a picture, for a picture or for a sound."""
    prompt = f"[{output.value.capitalize()}] [S] a large red rubber ball beside a small blue box"
    if image is not None:
        prompt += " <image_input>"
    return Example(task="benchmark", prompt=prompt, target_modality=output, image=image)


def text_rate(predictor: Predictor, batch: int, repeat: int) -> float:
    """Text tokens a second, encoding included, with ``batch`` requests at a time; no answer ends early."""
    picture = render(sample_scene(0, "test")).rgb
    limit = predictor.model.config.geometry.text_length
    tokens = torch.zeros(1, predictor.model.config.text_vocab_rows, dtype=torch.bool)
    tokens[:, 3 : predictor.tokenizer.layout.base_size] = True
    examples = [request(TargetModality.TEXT, picture)] * batch

    def write() -> None:
        predictor.answer(examples, DecodingOptions(temperature=0), grammar=AllowedTokens(tokens))

    return batch * limit / best_seconds(write, repeat)


def media_seconds(
    predictor: Predictor, output: TargetModality, *, batch: int, guidance: float, repeat: int
) -> float:
    """Seconds a picture or a sound, with ``batch`` at a time."""
    options = [DecodingOptions(top_p=0.95, guidance=guidance, seed=seed) for seed in range(batch)]
    examples = [request(output)] * batch
    return best_seconds(lambda: predictor.answer(examples, options), repeat) / batch


def render_one(seed: int) -> int:
    """Sample and render one scene with all its ground truth."""
    return len(render(sample_scene(seed, "train"), size=128).visible())


def playroom_rate(processes: int, repeat: int) -> float:
    """Pictures of 128 x 128 a second, scene and ground truth included, on ``processes`` cores."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        seconds = best_seconds(lambda: pool.map(render_one, range(SCENES), chunksize=4), repeat)
    return SCENES / seconds


def training_rate(predictor: Predictor, batch: int, repeat: int) -> float:
    """Target tokens a second of whole training steps: codecs, forward, backward, AdamW."""
    model, geometry = predictor.model, predictor.model.config.geometry
    picture = render(sample_scene(0, "train")).rgb
    examples = [
        Example(
            task="benchmark",
            prompt=f"[Image] [S] draw scene {number} again <image_input>",
            target_modality=TargetModality.IMAGE,
            image=picture,
            target_image=picture,
        )
        for number in range(batch)
    ]
    features = [featurise(one, tokenizer=predictor.tokenizer, geometry=geometry) for one in examples]
    made = collate(features, geometry=geometry).map(
        lambda array: torch.as_tensor(array, device=predictor.model.device)
    )
    trained = [one for one in model.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=0.0)  # the arithmetic of a step, and the same weights after it

    def step() -> None:
        report = compute_loss(model, model.tokenize_targets(made))
        report.total.backward()
        optimiser.step()
        optimiser.zero_grad()

    return batch * model.config.target_length(TargetModality.IMAGE) / best_seconds(step, repeat)


def measure(folder: Path, arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Rows of the table: what, and how much."""
    repeat, batch = arguments.repeat, arguments.batch
    loading = best_seconds(lambda: load(folder, device=arguments.device), repeat)
    predictor = load(folder, device=arguments.device)
    rows = [("load", f"{loading:.2f} s")]
    for count in (1, batch):
        rate = text_rate(predictor, count, repeat)
        rows.append((f"text, {count} at a time", f"{rate:.0f} tokens/s"))
    for name, output in (("picture", TargetModality.IMAGE), ("sound", TargetModality.AUDIO)):
        for count, guidance in ((1, 0.0), (batch, 0.0), (batch, 2.0)):
            seconds = media_seconds(predictor, output, batch=count, guidance=guidance, repeat=repeat)
            guided = ", guided" if guidance else ""
            rows.append((f"{name}, {count} at a time{guided}", f"{seconds:.3f} s each"))
    rows.append(("training, target tokens", f"{training_rate(predictor, batch, repeat):.0f} tokens/s"))
    rate = playroom_rate(arguments.threads, repeat)
    rows.append((f"playroom, {arguments.threads} processes", f"{rate:.0f} pictures/s"))
    return rows


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Rows as a Markdown table."""
    return "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeat", type=int, default=3, help="timed runs of each row")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="cores to use")
    parser.add_argument("--batch", type=int, default=16, help="requests at a time in batched rows")
    parser.add_argument("--device", default="cpu", help="where the model runs")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            folder, weights = model_folder(NANO), "the bundled unio-nano"
        except WeightsError:
            folder, weights = random_nano(Path(scratch)), "RANDOM weights (unio-nano is not bundled here)"
        print(
            f"Model: {weights}; {arguments.device}, {arguments.threads} threads, torch {torch.__version__}.\n"
        )
        print(table(measure(folder, arguments)))


if __name__ == "__main__":
    main()
