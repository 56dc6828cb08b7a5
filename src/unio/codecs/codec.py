"""`DiscreteCodec`: what the image and the audio codec share, media -> codes -> media (spec section 11)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from unio.codecs.vector_quantizer import Quantized, VectorQuantizer

__all__ = ["DiscreteCodec", "Reconstruction"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconstruction:
    """A training pass through a codec.

    ``media`` has the input's shape. ``vectors`` are the encoder's, before quantisation, detached: what a
    codebook is initialised and revived from. The two losses are those of `Quantized`, unweighted.
    """

    media: Float[Tensor, "batch ..."]
    codes: Int64[Tensor, "batch length"]
    vectors: Float[Tensor, "batch length code_dim"]
    codebook_loss: Float[Tensor, ""]
    commitment_loss: Float[Tensor, ""]


class DiscreteCodec(nn.Module, ABC):
    """Encoder, codebook, decoder. Codes come in the order in which a language model writes them."""

    quantizer: VectorQuantizer
    media_channels: int

    @abstractmethod
    def encode_vectors(self, media: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch length code_dim"]:
        """Vectors before quantisation. Raises ``InputError`` for media of another size."""

    @abstractmethod
    def decode_vectors(self, vectors: Float[Tensor, "batch length code_dim"]) -> Float[Tensor, "batch ..."]:
        """Media from vectors. Raises ``InputError`` if there are too few or too many."""

    @torch.no_grad()
    def encode(self, media: Float[Tensor, "batch ..."]) -> Int64[Tensor, "batch length"]:
        """The codes of the media. Raises ``InputError`` for media of another size."""
        return self.quantizer.nearest(self.encode_vectors(media))

    def decode(self, codes: Int64[Tensor, "batch length"]) -> Float[Tensor, "batch ..."]:
        """The media of the codes. Raises ``InputError`` for a wrong number of codes or one out of range."""
        return self.decode_vectors(self.quantizer.lookup(codes))

    @property
    @abstractmethod
    def output_weight(self) -> Tensor:
        """The decoder's last weight, at which an adversarial loss is balanced against the others."""

    def forward(self, media: Float[Tensor, "batch ..."], *, bypass_codebook: bool = False) -> Reconstruction:
        """Encode, quantise with a straight-through gradient, decode.

        With ``bypass_codebook`` the decoder sees the encoder's own vectors: the first steps of a training,
        before there is anything worth making a codebook of.
        """
        vectors = self.encode_vectors(media)
        quantized: Quantized = self.quantizer(vectors)
        seen = self.quantizer.comparable(vectors) if bypass_codebook else quantized.vectors
        return Reconstruction(
            media=self.decode_vectors(seen),
            codes=quantized.codes,
            vectors=vectors.detach().float(),
            codebook_loss=quantized.codebook_loss,
            commitment_loss=quantized.commitment_loss,
        )
