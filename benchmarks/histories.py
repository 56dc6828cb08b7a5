"""What a model's history can tell of a frame: whether its latents differ, and whether places reach them.

    python benchmarks/histories.py [--model unio-nano] [--scenes 120] [--anew]

Frames are unseen scenes of the playroom. ``likeness`` is the mean cosine between a frame's first two latents:
near 1 they all say the same. ``directions`` is the share of the variance over frames that lies in the three
strongest directions. ``rows`` and ``columns`` are how much of a patch's place a line can read (R2, on a third
of the frames that the line was not fitted to) from what enters the first block of the ViT and leaves each.
``--anew`` measures the same after resampler and places have been begun anew.
"""

import argparse

import torch
import torch.nn.functional as F
from torch import Tensor

import unio
from unio.data import collate, featurise
from unio.data.remembered import remembered
from unio.data.sources.playroom import PlayroomSource
from unio.model import UnifiedIO, fill_random
from unio.schema import InputModality, Stream

ANEW = ("input_embedders.image_history", "input_embedders.image.encoder.positions")


def frames(predictor: unio.Predictor, *, scenes: int) -> Stream[Tensor]:
    """One frame of each scene, as the history's stream."""
    source = PlayroomSource(split="test")
    geometry = predictor.model.config.geometry
    examples = [remembered(source.example("detect", 0, index)) for index in range(scenes)]
    features = [featurise(one, tokenizer=predictor.tokenizer, geometry=geometry) for one in examples]
    batch = collate(features, geometry=geometry).map(torch.as_tensor)
    return batch.streams[InputModality.IMAGE_HISTORY]


def block_outputs(model: UnifiedIO, stream: Stream[Tensor]) -> list[Tensor]:
    """Patches as they enter the first block of the ViT, and as they leave each."""
    encoder, grid = model.input_embedders.image.encoder, model.input_embedders.image_history.grid
    found: list[Tensor] = []
    hooks = [
        block.register_forward_hook(lambda _block, given, made: found.extend([given[0], made]))
        for block in encoder.blocks
    ]
    encoder(
        stream.values.flatten(0, 1),
        mask=stream.mask.flatten(0, 1),
        positions=stream.positions.flatten(0, 1),
        grid=grid,
    )
    for hook in hooks:
        hook.remove()
    return [one[:, encoder.leading_tokens :] for one in [found[0], *found[1::2]]]


def readable(features: Tensor, places: Tensor) -> list[float]:
    """R2 of row and column, read by a line that is fitted to two thirds of the frames."""
    fitted = 2 * len(features) // 3
    wide = F.pad(features.double(), (0, 1), value=1.0)
    x, y = wide[:fitted].flatten(0, 1), places[:fitted].flatten(0, 1)
    line = torch.linalg.solve(x.T @ x + torch.eye(x.shape[1], dtype=x.dtype), x.T @ y)
    held = places[fitted:].flatten(0, 1)
    errors = held - wide[fitted:].flatten(0, 1) @ line
    return (1 - errors.var(dim=0) / held.var(dim=0)).tolist()


@torch.inference_mode()
def measure(model: UnifiedIO, stream: Stream[Tensor]) -> None:
    embedder = model.input_embedders.image_history
    columns = embedder.grid[1]
    positions = stream.positions.flatten(0, 1)
    places = torch.stack([positions // columns, positions % columns], dim=-1).double()
    outputs = block_outputs(model, stream)
    print("| ViT | rows | columns |\n|---|---|---|")
    for index, features in enumerate(outputs):
        row, column = readable(features, places)
        print(f"| {f'block {index}' if index else 'in'} | {row:.2f} | {column:.2f} |")
    latents = embedder.resampler(outputs[-1], mask=stream.mask.flatten(0, 1))
    alike = F.cosine_similarity(latents[:, 0], latents[:, 1], dim=-1).mean()
    spread = torch.linalg.svdvals((latents - latents.mean(dim=0)).flatten(1)) ** 2
    print(f"\nlikeness {alike:.5f}   directions {spread[:3].sum() / spread.sum():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="unio-nano")
    parser.add_argument("--scenes", type=int, default=120)
    parser.add_argument("--anew", action="store_true", help="Begin resampler and places anew first.")
    chosen = parser.parse_args()
    predictor = unio.load(chosen.model, device="cpu")
    stream = frames(predictor, scenes=chosen.scenes)
    if chosen.anew:
        for part in ANEW:
            fill_random(predictor.model, seed=0, part=part)
    measure(predictor.model, stream)


if __name__ == "__main__":
    main()
