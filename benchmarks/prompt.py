"""How long a released size reads a prompt before its first token, in each dtype that it can be loaded in.

    python benchmarks/prompt.py [--preset large] [--dtype float32 bf16 int8 int4]

Random weights on the CPU; as many positions as a picture and a question take go through the encoder, and
the decoder's layers make keys and values of them. ``share`` is of the FLOP/s that one large float32 product
reaches, measured in the same run, and counts the matrices alone. A processor without instructions for
bfloat16 multiplies it several times slower than float32: there a matrix is widened for its product
(`unio.nn.precision`), and ``--narrow`` shows what that spares.
"""

import argparse

import torch
from decode import DTYPES, INPUT_POSITIONS, fill, random_decoder, random_memory
from nano import best_seconds

from unio.model import Memory, UnifiedIO
from unio.nn import choose_row_products, precision


def peak(side: int = 2048) -> float:
    """FLOP/s of a square float32 product."""
    left, right = torch.randn(side, side), torch.randn(side, side)
    return 2 * side**3 / best_seconds(lambda: left @ right, 5)


@torch.no_grad()
def read_prompt(model: UnifiedIO) -> None:
    """Everything between the embedded prompt and the first step of the decoder."""
    prompt = random_memory(model, rows=1)
    memory = model.encoder(prompt.hidden, mask=prompt.mask, rotary=prompt.rotary)
    model.decoder.memory_keys_values(Memory(hidden=memory, mask=prompt.mask, rotary=prompt.rotary))


def prompt_flops(model: UnifiedIO) -> float:
    """Of the matrices of the encoder, and of the decoder's that read its output."""
    trunk = model.config.trunk
    weights = sum(part.numel() for part in model.encoder.parameters() if part.ndim == 2)
    weights += 2 * trunk.decoder_layers * trunk.dim * trunk.num_heads * trunk.head_dim
    return 2.0 * weights * INPUT_POSITIONS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="large", choices=["large", "xl", "xxl", "nano"])
    parser.add_argument("--dtype", nargs="+", default=["float32", "bf16", "int8"], choices=list(DTYPES))
    parser.add_argument("--narrow", action="store_true", help="products in bfloat16 on any processor")
    given = parser.parse_args()
    if given.narrow:
        precision.CPU_HAS_BFLOAT16 = True
    device = torch.device("cpu")
    reached = peak()
    print(f"one float32 product: {reached / 1e9:.0f} GFLOP/s, {torch.get_num_threads()} threads")
    print("| preset | dtype | seconds | share |\n|---|---|---|---|")
    for dtype in given.dtype:
        model = random_decoder(given.preset, dtype, device)
        fill(model.encoder, dtype=DTYPES[dtype], device=device)
        choose_row_products(model.decoder, is_compiled=False)
        taken = best_seconds(lambda: read_prompt(model), 2)  # noqa: B023
        print(f"| {given.preset} | {dtype} | {taken:.2f} | {prompt_flops(model) / taken / reached:.2f} |")


if __name__ == "__main__":
    main()
