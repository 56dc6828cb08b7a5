"""Training speed: seconds a step, tokens/s, positions/s and MFU of a model with random weights.

    python benchmarks/train.py --size nano                       # 2 cores
    python benchmarks/train.py --size xl --recompute trunk --compile --text 4 --image 3 --audio 1   # a GPU

Batches are made beforehand, so that the model alone is timed, and repeat; positions that hold something
count, padding does not. The peak is that of the GPU's data sheet (`unio.train.hardware`); for a CPU it is
measured here, as the speed of one large product in the same precision, and printed.
"""

import argparse
import statistics
import time
from pathlib import Path

import torch

import unio
from unio.data import BatchMaker, Group, Mixture
from unio.data.sources.playroom import PlayroomSource
from unio.model import ModelConfig, preset, random_model
from unio.schema import TargetModality
from unio.train.hardware import peak_flops
from unio.train.memory import peak_memory
from unio.train.model_learner import ModelLearner
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace
from unio.train.recompute import recompute_layers
from unio.train.step import Precision, autocast, choose_device, describe_products
from unio.vocab import TextTokenizer

BUNDLED = Path(unio.__file__).parent / "assets/nano"
TASKS = {
    TargetModality.TEXT: {"vqa": 3.0, "caption": 1.0, "detect": 1.0},
    TargetModality.IMAGE: {"image_from_text": 1.0, "depth": 1.0},
    TargetModality.AUDIO: {"audio_from_text": 1.0},
}


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", default="nano", choices=["nano", "large", "xl", "xxl"])
    parser.add_argument("--text", type=int, default=22)
    parser.add_argument("--image", type=int, default=8)
    parser.add_argument("--audio", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--keep", type=float, default=1.0, help="share of the patches the encoder sees")
    parser.add_argument("--optimiser", default="adamw", choices=["adamw", "adafactor", "muon"])
    parser.add_argument("--precision", default="auto", choices=["auto", "bf16", "float32"])
    parser.add_argument("--recompute", default="none", choices=["none", "trunk", "all"])
    parser.add_argument("--freeze-encoders", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--peak-tflops", type=float)
    return parser.parse_args()


def make_batches(arguments: argparse.Namespace, config: ModelConfig) -> BatchMaker:
    counts = {
        TargetModality.TEXT: arguments.text,
        TargetModality.IMAGE: arguments.image,
        TargetModality.AUDIO: arguments.audio,
    }
    source = PlayroomSource(split="train")
    tokenizer = TextTokenizer.from_file(BUNDLED / "tokenizer.model")
    return BatchMaker(
        source=source,
        tokenizer=tokenizer,
        geometry=config.geometry,
        groups={
            modality: Group(mixture=Mixture(weights=TASKS[modality]), count=count)
            for modality, count in counts.items()
            if count
        },
        seed=0,
        multiple=16,
        keep=arguments.keep,
    )


def measured_peak(device: torch.device, precision: Precision, *, side: int = 2048) -> float:
    """FLOP/s of the best of five square products."""
    left, right = torch.randn(side, side, device=device), torch.randn(side, side, device=device)
    seconds: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        with autocast(device, precision):
            left @ right
        seconds.append(time.perf_counter() - started)
    return 2 * side**3 / min(seconds)


def main() -> None:
    arguments = read_arguments()
    device = choose_device(arguments.device)
    config = preset(arguments.size)
    maker = make_batches(arguments, config)
    batches = [maker.make(step).batch for step in range(min(4, arguments.steps))]
    model = random_model(config, seed=0, device=device)
    recompute_layers(model, arguments.recompute)
    if arguments.compile:
        model.compile_trunk()
    learner = ModelLearner(
        model,
        config=OptimiserConfig(kind=arguments.optimiser, learning_rate=1e-4),
        precision=arguments.precision,
        z_loss=1e-4,
        average_decay=0.0,
        freeze_encoders=arguments.freeze_encoders,
    )
    seconds: list[float] = []
    tokens = real = flops = 0.0
    for step in range(arguments.warmup + arguments.steps):
        started = time.perf_counter()
        report = learner.step([batches[step % len(batches)]], pace=Pace(rate_share=1.0, progress=0.0))
        if device.type == "cuda":
            torch.cuda.synchronize()
        if step >= arguments.warmup:
            seconds.append(time.perf_counter() - started)
            tokens, real, flops = tokens + report.tokens, real + report.real, flops + report.flops
    total = sum(seconds)
    peak = peak_flops(device, given_tflops=arguments.peak_tflops)
    known = "data sheet or given" if peak else "measured"
    peak = peak or measured_peak(device, arguments.precision)
    name = (
        torch.cuda.get_device_name(device) if device.type == "cuda" else f"{torch.get_num_threads()} threads"
    )
    print(
        f"{arguments.size} on {name}, {describe_products(arguments.precision, device)}, {len(seconds)} steps "
        f"of {maker.batch_size} examples\n"
        f"  {statistics.median(seconds):.3f} s a step (median), {tokens / total:,.0f} target tokens/s, "
        f"{real / total:,.0f} positions/s\n"
        f"  {flops / len(seconds):.3g} FLOPs a step, MFU {100 * flops / total / peak:.1f} % of "
        f"{peak / 1e12:.3g} TFLOP/s ({known}), memory {peak_memory() / 1e9:.2f} GB"
    )


if __name__ == "__main__":
    main()
