"""What speculative Jacobi decoding saves unio-nano: steps of the model, and time.

    python benchmarks/jacobi.py [--tasks image_from_text depth ...] [--examples 4] [--windows 4 8 16] [--json]

Examples are unseen playroom scenes, one request at a time, with each task's own decoding options. A line has
the codes of an answer, the mean steps they took, and the mean seconds one by one and by windows.
"""

import argparse
import json
import time
from dataclasses import replace

import torch

import unio
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import task as find_task
from unio.data.unconditional import unconditional
from unio.infer import Predictor, SeededSampler, decode, decode_jacobi
from unio.infer.answering import encode_examples
from unio.infer.grammar import AllowedTokens
from unio.infer.plan import plan_decoding
from unio.model import Memory
from unio.schema import DecodingOptions, Example, TargetModality

TASKS = ("image_from_text", "image_edit", "next_frame", "depth", "segment", "normals", "audio_from_text")


def prepared(predictor: Predictor, example: Example, options: DecodingOptions) -> Memory:
    """The encoder's output, with the unconditional row where guidance wants one."""
    asked = replace(example, target_image=None, target_audio=None)
    rows = [asked, unconditional(asked)] if options.guidance > 0 else [asked]
    return encode_examples(predictor.model, predictor.tokenizer, rows)


def timed(
    predictor: Predictor, memory: Memory, modality: TargetModality, options: DecodingOptions, window: int
) -> tuple[int, float]:
    """Steps and seconds of one answer; window 0 goes one by one."""
    model = predictor.model
    plan = plan_decoding(options, modality=modality, config=model.config, layout=predictor.tokenizer.layout)
    assert isinstance(plan.grammar, AllowedTokens)
    start = time.perf_counter()
    if window:
        steps = decode_jacobi(
            model,
            modality,
            memory,
            length=plan.length,
            allowed=plan.grammar.tokens,
            options=[options],
            window=window,
        ).steps
    else:
        decode(
            model,
            modality,
            memory,
            length=plan.length,
            grammar=plan.grammar,
            choose=SeededSampler.of([options], device=model.device),
            guidance=options.guidance,
        )
        steps = plan.length
    return steps, time.perf_counter() - start


def measure(names: list[str], *, count: int, windows: list[int]) -> list[dict[str, object]]:
    """One line a task and window."""
    predictor = unio.load("unio-nano", device="cpu")
    source = PlayroomSource(split="test")
    rows: list[dict[str, object]] = []
    for name in names:
        family = find_task(name)
        examples = [source.example(name, 5, index) for index in range(count)]
        options = [family.decoding.model_copy(update={"seed": index}) for index in range(count)]
        pairs = [
            (prepared(predictor, one, choice), choice) for one, choice in zip(examples, options, strict=True)
        ]
        timed(predictor, pairs[0][0], family.output, options[0], 0)  # warms up
        found = {
            window: [timed(predictor, memory, family.output, choice, window) for memory, choice in pairs]
            for window in (0, *windows)
        }
        steps = {window: sum(one[0] for one in several) / count for window, several in found.items()}
        seconds = {window: sum(one[1] for one in several) / count for window, several in found.items()}
        rows.extend(
            {
                "task": name,
                "codes": round(steps[0]),
                "window": window,
                "steps": round(steps[window], 1),
                "steps_saved": round(steps[0] / steps[window], 2),
                "seconds_one_by_one": round(seconds[0], 3),
                "seconds": round(seconds[window], 3),
                "speed_up": round(seconds[0] / seconds[window], 2),
            }
            for window in windows
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", nargs="+", default=list(TASKS))
    parser.add_argument("--examples", type=int, default=4, help="Examples of each task.")
    parser.add_argument("--windows", type=int, nargs="+", default=[4, 8, 16])
    parser.add_argument("--json", action="store_true", help="Print JSON lines, not a table.")
    chosen = parser.parse_args()
    with torch.inference_mode():
        rows = measure(chosen.tasks, count=chosen.examples, windows=chosen.windows)
    if chosen.json:
        print("\n".join(json.dumps(row) for row in rows))
        return
    print(f"| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(str(value) for value in row.values())} |")


if __name__ == "__main__":
    main()
