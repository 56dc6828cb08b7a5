"""How near decoding comes to reading each weight once a token, which is the least it can take.

    python benchmarks/decode.py [--preset large] [--dtype float32 bf16 int8 int4] [--compiled]
    python benchmarks/decode.py --quality [--scenes 8]

The first form takes random weights. The floor is the bytes of a token (the decoder's weights, the output
head, the cache as it stands half-way) over the bandwidth of a plain sum, the best of before and after. A
token's time is the tenth percentile over the steps of one decoding with one row (two with guidance), sampling
included: other work on the machine only adds to it. int8 and int4 run in bfloat16 around the quantised
matrices. ``--compiled`` is ``unio.load(compiled=True)``. ``aim`` is the share of the floor that was set as
the goal; ``port`` is how many times a token's time the released port takes for one of large on 2 cores (0.14
to 0.35 s for text, 0.14 to 0.17 s for a code: figures given beforehand, it does not run here). The second
form tells what quantising does to nano (`quantised_nano`). ``jacobi.py`` measures codes drafted ahead.
"""

import argparse
import json
import time

import torch
from quantised_nano import logit_rows, score_rows
from torch import Tensor, nn

from unio.infer import SeededSampler, codes, decode
from unio.infer.grammar import AllowedTokens, Grammar
from unio.model import PRESETS, Memory, UnifiedIO, preset, quantise_decoder
from unio.nn import QuantisedLinear, choose_row_products, line_rotary
from unio.schema import DecodingOptions, TargetModality

DTYPES = {"float32": torch.float32, "bf16": torch.bfloat16, "int8": torch.bfloat16, "int4": torch.bfloat16}
INPUT_POSITIONS = 592

AIMS = {"float32": 0.75, "bf16": 0.55, "int8": 0.5}
"""Share of the floor to be reached on two cores."""

GPU_AIMS = {"large": 0.5, "xl": 0.7, "xxl": 0.8}
"""The same on one H200, in bf16."""

PORT_SECONDS = {TargetModality.TEXT: (0.14, 0.35), TargetModality.IMAGE: (0.14, 0.17)}
"""What the released port takes for a token of large on two cores, at best and at worst."""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def bandwidth(device: torch.device) -> float:
    """Bytes a second of reading 1 GB, the best of 10."""
    buffer = torch.ones(1 << 28, device=device)
    times: list[float] = []
    for _ in range(10):
        start = time.perf_counter()
        buffer.sum()
        wait(device)
        times.append(time.perf_counter() - start)
    return buffer.nbytes / min(times)


def fill(part: nn.Module, *, dtype: torch.dtype, device: torch.device) -> None:
    """Random weights straight into their place."""
    part.to(dtype).to_empty(device=device)
    for parameter in part.parameters():
        if parameter.ndim > 1:
            nn.init.normal_(parameter, std=parameter[0].numel() ** -0.5)
        else:
            nn.init.ones_(parameter)


def random_decoder(name: str, dtype: str, device: torch.device) -> UnifiedIO:
    """A model of which nothing but the decoder, the embeddings and the codecs have weights."""
    model = UnifiedIO(preset(name)).eval()
    for part in (model.decoder, model.token_embedders, model.target_embedders, model.encoder.norm):
        fill(part, dtype=DTYPES[dtype], device=device)
    for codec in (model.image_codec, model.audio_codec):
        fill(codec, dtype=torch.float32, device=device)
    if dtype.startswith("int"):
        quantise_decoder(model, dtype)
    return model


def random_memory(model: UnifiedIO, rows: int) -> Memory:
    trunk = model.config.trunk
    hidden = torch.randn(rows, INPUT_POSITIONS, trunk.dim, device=model.device)
    return Memory(
        hidden=hidden.to(model.encoder.norm.scale.dtype),
        mask=torch.ones(rows, INPUT_POSITIONS, dtype=torch.bool, device=model.device),
        rotary=line_rotary(
            torch.arange(INPUT_POSITIONS, device=model.device).expand(rows, -1), head_dim=trunk.head_dim
        ),
    )


def step_bytes(
    model: UnifiedIO, modality: TargetModality, *, rows: int, positions: float
) -> dict[str, float]:
    """What one step must read."""
    weights = 0
    for name, part in model.decoder.named_modules():
        if name.endswith(("cross_attention.key", "cross_attention.value")):
            continue  # used once a request
        if isinstance(part, QuantisedLinear):
            weights += part.nbytes
        else:
            weights += sum(parameter.nbytes for parameter in part.parameters(recurse=False))
    trunk = model.config.trunk
    width = model.encoder.norm.scale.element_size()
    inner = trunk.num_heads * trunk.head_dim
    return {
        "weights": weights,
        "head": model.token_embedders[modality.value].weight.nbytes,
        "cache": 2 * rows * inner * trunk.decoder_layers * width * (INPUT_POSITIONS + positions),
    }


class TimedSampler:
    """Samples, and notes when."""

    def __init__(self, sampler: SeededSampler) -> None:
        self.sampler = sampler
        self.times: list[float] = []

    def __call__(self, logits: Tensor, *, step: int) -> Tensor:
        token = self.sampler(logits, step=step)
        wait(logits.device)
        self.times.append(time.perf_counter())
        return token


def token_seconds(
    model: UnifiedIO, modality: TargetModality, grammar: Grammar, *, tokens: int, guidance: float
) -> list[float]:
    """Seconds of each step of one decoding, warm-up left out."""
    options = (
        DecodingOptions(temperature=0) if modality is TargetModality.TEXT else DecodingOptions(top_p=0.95)
    )
    timed = TimedSampler(SeededSampler.of([options], device=model.device))
    memory = random_memory(model, 2 if guidance else 1)
    decode(model, modality, memory, length=tokens, grammar=grammar, choose=timed, guidance=guidance)
    steps = [after - before for before, after in zip(timed.times, timed.times[1:], strict=False)]
    return steps[2:]


def measure(
    name: str, dtype: str, device: torch.device, *, tokens: int, is_compiled: bool
) -> list[dict[str, object]]:
    """One line a kind of token."""
    speed = bandwidth(device)
    model = random_decoder(name, dtype, device)
    if is_compiled:
        model.compile_steps()
    else:
        choose_row_products(model.decoder, is_compiled=False)
    rows: list[dict[str, object]] = []
    words = torch.zeros(1, model.config.text_vocab_rows, dtype=torch.bool)
    words[:, 3:1000] = True  # no end: every step is one of a whole answer
    picture = codes(model.config.image_codec.num_codes, vocab=model.config.image_vocab_rows)
    kinds: list[tuple[str, TargetModality, Grammar, float]] = [
        ("text", TargetModality.TEXT, AllowedTokens(words), 0.0),
        ("image", TargetModality.IMAGE, picture, 0.0),
        ("image, guided", TargetModality.IMAGE, picture, 10.0),
    ]
    for kind, modality, grammar, guidance in kinds:
        most = min(tokens, model.config.target_length(modality))
        parts = step_bytes(model, modality, rows=2 if guidance else 1, positions=most / 2)
        token_seconds(model, modality, grammar, tokens=3, guidance=guidance)
        steps = token_seconds(model, modality, grammar, tokens=most, guidance=guidance)
        speed = max(speed, bandwidth(device))
        floor, taken = sum(parts.values()) / speed, percentile(steps, 0.1)
        rows.append(
            {
                "preset": name,
                "dtype": f"{dtype}, compiled" if is_compiled else dtype,
                "token": kind,
                "bandwidth_gb": round(speed / 1e9, 1),
                **{f"{key}_mb": round(value / 1e6, 1) for key, value in parts.items()},
                "floor_ms": round(floor * 1e3, 1),
                "token_ms": round(taken * 1e3, 1),
                "median_ms": round(percentile(steps, 0.5) * 1e3, 1),
                "floor_share": round(floor / taken, 3),
                "aim": aim(name, dtype, device),
                "port": times_port(name, modality, taken, device) if not guidance else "",
            }
        )
    seconds = {modality.value: codec_seconds(model, modality) for modality in list(TargetModality)[1:]}
    codecs = {f"{kind}_codec_s": round(value, 2) for kind, value in seconds.items()}
    return [{**row, **codecs} for row in rows]


def aim(name: str, dtype: str, device: torch.device) -> float | str:
    if device.type == "cpu":
        return AIMS.get(dtype, "")
    return GPU_AIMS.get(name, "") if dtype == "bf16" else ""


def times_port(name: str, modality: TargetModality, seconds: float, device: torch.device) -> str:
    if name != "large" or device.type != "cpu":
        return ""
    best, worst = PORT_SECONDS[modality]
    return f"{best / seconds:.1f} to {worst / seconds:.1f}"


@torch.inference_mode()
def codec_seconds(model: UnifiedIO, modality: TargetModality) -> float:
    """One picture or log-mel from its codes, after one that warms up."""
    drawn = torch.zeros(1, model.config.target_length(modality), dtype=torch.long, device=model.device)
    decode_codes = model.decode_image if modality is TargetModality.IMAGE else model.decode_audio
    seconds = 0.0
    for _ in range(2):
        start = time.perf_counter()
        decode_codes(drawn)
        wait(model.device)
        seconds = time.perf_counter() - start
    return seconds


def print_table(rows: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        print("\n".join(json.dumps(row) for row in rows))
        return
    print(f"| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(f"| {' | '.join(str(value) for value in row.values())} |")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--preset", default="large", choices=PRESETS.names())
    parser.add_argument("--dtype", nargs="+", default=["float32"], choices=list(DTYPES))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compiled", action="store_true", help="Run compiled layers.")
    parser.add_argument("--tokens", type=int, default=40, help="Steps of each decoding.")
    parser.add_argument("--quality", action="store_true", help="Measure what quantising changes in nano.")
    parser.add_argument("--scenes", type=int, default=8, help="Scenes of each task for --quality.")
    parser.add_argument("--json", action="store_true", help="Print JSON lines, not a table.")
    chosen = parser.parse_args()
    if chosen.quality:
        print_table(logit_rows(chosen.scenes), as_json=chosen.json)
        print_table(score_rows(chosen.scenes), as_json=chosen.json)
        return
    rows: list[dict[str, object]] = []
    for dtype in chosen.dtype:
        with torch.inference_mode():
            rows += measure(
                chosen.preset,
                dtype,
                torch.device(chosen.device),
                tokens=chosen.tokens,
                is_compiled=chosen.compiled,
            )
    print_table(rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
