"""How long examples are taken to be where none has been made yet: what ``unio train --plan`` counts with."""

from pydantic import Field

from unio.core import Config
from unio.model import ModelConfig
from unio.schema import TargetModality
from unio.train.lengths import Lengths, TargetLength

__all__ = ["AssumedLengths", "assumed_lengths"]


class AssumedLengths(Config):
    """An average example. Pictures and sounds are as long as the model's geometry makes them."""

    prompt: int = Field(default=64, gt=0, description="Text tokens of a prompt.")
    text_target: int = Field(default=64, gt=0, description="Tokens of a text target.")
    image_share: float = Field(default=0.7, ge=0, le=1, description="Share of examples with a picture input.")
    audio_share: float = Field(default=0.15, ge=0, le=1, description="Share of examples with a sound input.")
    image_history_share: float = Field(
        default=0.15, ge=0, le=1, description="Share of examples with a full picture history."
    )
    audio_history_share: float = Field(
        default=0.1, ge=0, le=1, description="Share of examples with a full sound history."
    )


def assumed_lengths(
    assumed: AssumedLengths,
    config: ModelConfig,
    *,
    counts: dict[TargetModality, int],
    keep_patches: float,
) -> Lengths:
    """A batch of ``counts`` examples by target modality, each as long as the average one."""
    image, audio = config.geometry.image, config.geometry.audio
    size = sum(counts.values())
    patches = int(keep_patches * _area(image.input_grid))
    sounds = int(keep_patches * _area(audio.input_grid))
    frames = int(keep_patches * _area(image.history_grid))
    images, audios = round(assumed.image_share * size), round(assumed.audio_share * size)
    histories = round(assumed.image_history_share * size), round(assumed.audio_history_share * size)
    prompt = min(assumed.prompt, config.geometry.text_length)
    encoder = (
        size * prompt
        + images * patches
        + audios * sounds
        + histories[0] * image.history_frames * image.history_latents
        + histories[1] * audio.history_segments * audio.history_latents
    )
    row = round(encoder / size)
    return Lengths(
        encoder=(row,) * size,
        targets=tuple(
            TargetLength(modality=modality, tokens=_target(modality, assumed, config), memory=row)
            for modality, count in counts.items()
            for _ in range(count)
        ),
        image=(patches,) * images,
        audio=(sounds,) * audios,
        image_history=(frames,) * (histories[0] * image.history_frames),
        audio_history=(sounds,) * (histories[1] * audio.history_segments),
    )


def _target(modality: TargetModality, assumed: AssumedLengths, config: ModelConfig) -> int:
    longest = config.target_length(modality)
    return min(assumed.text_target, longest) if modality is TargetModality.TEXT else longest


def _area(grid: tuple[int, int]) -> int:
    return grid[0] * grid[1]
