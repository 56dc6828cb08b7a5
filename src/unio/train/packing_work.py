"""`work_model`: what examples cost a model, in the packer's terms, from the same counts as MFU's."""

from collections.abc import Callable

from unio.data.packing import WorkModel
from unio.model import ModelConfig
from unio.schema import TargetModality
from unio.train.flops import encoder_flops, trunk_flops
from unio.train.lengths import Lengths, TargetLength

__all__ = ["work_model"]


def work_model(config: ModelConfig, *, frozen_encoders: bool = False) -> WorkModel:
    """Operations of a training step by tokens and pairs, for `PackingConfig.work`.

    Exact for encoder and decoder, whose head is taken to be that of text; for pictures and sounds it is
    exact at the whole and the half of their grid, and a frame of a history counts as an input.
    """

    def encoder(length: int) -> float:
        return trunk_flops(config, Lengths(encoder=(length,), targets=()))

    def decoder(tokens: int, memory: int) -> float:
        target = TargetLength(modality=TargetModality.TEXT, tokens=tokens, memory=memory)
        return trunk_flops(config, Lengths(encoder=(), targets=(target,)))

    image, audio = config.geometry.image.input_grid, config.geometry.audio.input_grid
    outer = 1.0 if frozen_encoders else 3.0
    encoder_token, encoder_pair = _fit(encoder, 1)
    decoder_token, decoder_pair = _fit(lambda tokens: decoder(tokens, 0), 1)
    memory_token = decoder(0, 1)
    picture_token, picture_pair = _fit(lambda count: _picture(config, count, outer), image[0] * image[1] // 2)
    sound_token, sound_pair = _fit(lambda count: _sound(config, count, outer), audio[0] * audio[1] // 2)
    return WorkModel(
        encoder_token=3 * (encoder_token + memory_token),
        encoder_pair=3 * encoder_pair,
        decoder_token=3 * decoder_token,
        decoder_pair=3 * decoder_pair,
        cross_pair=3 * (decoder(1, 1) - decoder(1, 0) - memory_token),
        picture_patch=picture_token,
        picture_pair=picture_pair,
        sound_patch=sound_token,
        sound_pair=sound_pair,
    )


def _picture(config: ModelConfig, patches: int, outer: float) -> float:
    lengths = Lengths(encoder=(), targets=(), image=(patches,))
    return outer * encoder_flops(config, lengths) + 3 * trunk_flops(config, lengths)


def _sound(config: ModelConfig, patches: int, outer: float) -> float:
    lengths = Lengths(encoder=(), targets=(), audio=(patches,))
    return outer * encoder_flops(config, lengths) + 3 * trunk_flops(config, lengths)


def _fit(operations: Callable[[int], float], count: int) -> tuple[float, float]:
    """The a and b of a n + b n^2 that give ``operations`` of n = ``count`` and of twice that."""
    once, twice = operations(count), operations(2 * count)
    pair = max(0.0, (twice - 2 * once) / (2 * count**2))
    return (once - pair * count**2) / count, pair
