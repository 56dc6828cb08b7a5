"""K-means, for a codebook's first rows."""

import torch
from jaxtyping import Float
from torch import Tensor

from unio.codecs.vector_quantizer import nearest_codes

__all__ = ["kmeans"]


@torch.no_grad()
def kmeans(
    vectors: Float[Tensor, "count dim"], num_centres: int, *, iterations: int, generator: torch.Generator
) -> Float[Tensor, "centres dim"]:
    """Centres of Lloyd's algorithm, started at vectors drawn with ``generator`` (a CPU generator).

    Centres that lose all their vectors keep their place. Fewer vectors than centres are drawn more than once.
    """
    order = torch.randperm(len(vectors), generator=generator)
    repeats = -(-num_centres // len(vectors))
    centres = vectors[order.repeat(repeats)[:num_centres].to(vectors.device)].float()
    for _ in range(iterations):
        nearest = nearest_codes(vectors, centres)
        sums = torch.zeros_like(centres).index_add_(0, nearest, vectors.float())
        counts = torch.bincount(nearest, minlength=num_centres)[:, None]
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    return centres
