"""`WorkModel`: floating-point operations of an example, so that ranks get even shares (spec section 12)."""

from collections.abc import Sequence

from pydantic import Field

from unio.core import Config

__all__ = ["WorkModel"]


class WorkModel(Config):
    """Operations of one training step on one example: a sum over its tokens and pairs of tokens.

    ``unio.train.packing_work.work_model`` gives the figures of a model; only their ratios matter for balance.

    Example, an example of 10 encoder and 4 decoder places with one picture of 9 patches::

        encoder_token * 10 + encoder_pair * 10 * 10
        + decoder_token * 4 + decoder_pair * 4 * 4 + cross_pair * 4 * 10
        + picture_patch * 9 + picture_pair * 9 * 9
    """

    encoder_token: float = Field(ge=0, description="Operations an encoder token, pairs left out.")
    encoder_pair: float = Field(ge=0, description="Operations a pair of encoder tokens.")
    decoder_token: float = Field(ge=0, description="Operations a decoder token, its output head included.")
    decoder_pair: float = Field(ge=0, description="Operations a pair of decoder tokens.")
    cross_pair: float = Field(ge=0, description="Operations a decoder and an encoder token.")
    picture_patch: float = Field(ge=0, description="Operations a patch of a picture.")
    picture_pair: float = Field(ge=0, description="Operations a pair of patches of one picture.")
    sound_patch: float = Field(ge=0, description="Operations a patch of a sound.")
    sound_pair: float = Field(ge=0, description="Operations a pair of patches of one sound.")

    def of(self, encoder: int, decoder: int, *, pictures: Sequence[int], sounds: Sequence[int]) -> float:
        """Operations of an example; ``pictures`` and ``sounds`` count the patches of each frame."""
        return (
            self.encoder_token * encoder
            + self.encoder_pair * encoder**2
            + self.decoder_token * decoder
            + self.decoder_pair * decoder**2
            + self.cross_pair * decoder * encoder
            + sum(self.picture_patch * count + self.picture_pair * count**2 for count in pictures)
            + sum(self.sound_patch * count + self.sound_pair * count**2 for count in sounds)
        )
