"""The codebook: nearest code, look-up, straight-through gradient (spec section 11).

Both codecs share it. VQGAN compares vectors as they are; ViT-VQGAN compares directions, so it
L2-normalises vectors and codes first, and Euclidean order among unit vectors is cosine order.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int64
from torch import Tensor, nn

from unio.core import InputError

__all__ = ["Quantized", "VectorQuantizer", "nearest_codes"]

_DISTANCE_ELEMENTS = 1 << 24
"""Most distances held at a time (64 MiB of float32): 16,384 codes x 1,024 vectors."""


def nearest_codes(
    vectors: Float[Tensor, "count code_dim"], codebook: Float[Tensor, "codes code_dim"]
) -> Int64[Tensor, " count"]:
    """The index of the Euclidean nearest row of ``codebook`` for each vector; ties take the lowest index.

    Distances are summed differences in float32, never ``|v|^2 - 2 v.c + |c|^2``, whose cancellation
    confuses codes that lie close together. Vectors are taken a slice at a time, so that memory stays
    bounded whatever the batch.

    Example::

        vectors   [[0.9, 0.1], [0.0, 0.4]]
        codebook  [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
        codes     [1, 0]
    """
    rows = max(1, _DISTANCE_ELEMENTS // len(codebook))
    codebook = codebook.float()
    found = [
        torch.cdist(piece, codebook, compute_mode="donot_use_mm_for_euclid_dist").argmin(dim=1)
        for piece in torch.split(vectors.float(), rows)
    ]
    return torch.cat(found)


@dataclass(frozen=True, kw_only=True, eq=False)
class Quantized:
    """Vectors replaced by their codes.

    ``vectors`` equal the codes' rows; their gradient passes straight through to the encoder.
    ``codebook_loss`` pulls the codes to the vectors, ``commitment_loss`` the vectors to the codes:
    the same mean squared distance, each with the other side held still. Neither is weighted.
    """

    vectors: Float[Tensor, "batch length code_dim"]
    codes: Int64[Tensor, "batch length"]
    codebook_loss: Float[Tensor, ""]
    commitment_loss: Float[Tensor, ""]


class VectorQuantizer(nn.Module):
    """A table of ``num_codes`` rows of ``code_dim``; ``is_cosine`` compares directions only.

    Everything runs in float32, under autocast too: codes must not depend on the precision around them.
    """

    def __init__(self, num_codes: int, code_dim: int, *, is_cosine: bool) -> None:
        super().__init__()
        self.num_codes = num_codes
        self.code_dim = code_dim
        self.is_cosine = is_cosine
        self.embedding = nn.Embedding(num_codes, code_dim)

    def comparable(self, vectors: Float[Tensor, "*rows code_dim"]) -> Float[Tensor, "*rows code_dim"]:
        """The vectors in float32 as they are compared: of unit length if the codebook is cosine."""
        vectors = vectors.float()
        return F.normalize(vectors, dim=-1) if self.is_cosine else vectors

    def codebook(self) -> Float[Tensor, "codes code_dim"]:
        """All codes as they are compared and decoded."""
        return self.comparable(self.embedding.weight)

    @torch.no_grad()
    def nearest(self, vectors: Float[Tensor, "batch length code_dim"]) -> Int64[Tensor, "batch length"]:
        """The code of each vector."""
        with torch.autocast(vectors.device.type, enabled=False):
            codes = nearest_codes(self.comparable(vectors).flatten(0, 1), self.codebook())
        return codes.view(vectors.shape[:2])

    def lookup(self, codes: Int64[Tensor, "batch length"]) -> Float[Tensor, "batch length code_dim"]:
        """The rows of the codes. Raises ``InputError`` for a code outside the codebook."""
        if codes.numel() and not (int(codes.min()) >= 0 and int(codes.max()) < self.num_codes):
            raise InputError(
                "a code lies outside the codebook",
                got=f"codes {int(codes.min())}..{int(codes.max())}",
                expected=f"0..{self.num_codes - 1}",
            )
        return self.comparable(F.embedding(codes, self.embedding.weight))

    def forward(self, vectors: Float[Tensor, "batch length code_dim"]) -> Quantized:
        """Quantise for training."""
        with torch.autocast(vectors.device.type, enabled=False):
            vectors = self.comparable(vectors)
            codes = self.nearest(vectors)
            chosen = self.comparable(F.embedding(codes, self.embedding.weight))
            return Quantized(
                vectors=vectors + (chosen - vectors).detach(),
                codes=codes,
                codebook_loss=F.mse_loss(chosen, vectors.detach()),
                commitment_loss=F.mse_loss(vectors, chosen.detach()),
            )
