"""The five input streams' embedders; histories borrow the encoder of their like (spec section 8)."""

from collections.abc import Mapping

from torch import Tensor, nn

from unio.core import InputError
from unio.model.config import ModelConfig, PatchEncoderConfig, ResamplerConfig
from unio.model.input_embedders import EmbeddedStream, HistoryEmbedder, PatchStreamEmbedder, TextEmbedder
from unio.model.patch_encoder import AudioEncoder, PatchEncoder, VisionEncoder
from unio.model.resampler import Resampler
from unio.schema import InputModality, Stream

__all__ = ["StreamEmbedders"]


class StreamEmbedders(nn.Module):
    """One embedder for each input modality."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        trunk, image, audio = config.trunk, config.geometry.image, config.geometry.audio
        self.text = TextEmbedder(trunk.dim, head_dim=trunk.head_dim)
        self.image = _patch_stream(
            config,
            config.image_encoder,
            VisionEncoder(config.image_encoder, patch_width=3 * image.patch_size**2),
            grid=image.input_grid,
            rope_multiplier=config.image_rope_multiplier,
        )
        self.image_history = _history(
            config,
            config.image_resampler,
            encoder_dim=config.image_encoder.dim,
            num_latents=image.history_latents,
            grid=image.history_grid,
        )
        self.audio = _patch_stream(
            config,
            config.audio_encoder,
            AudioEncoder(config.audio_encoder, patch_width=audio.patch_size**2),
            grid=audio.input_grid,
            rope_multiplier=config.audio_rope_multiplier,
        )
        self.audio_history = _history(
            config,
            config.audio_resampler,
            encoder_dim=config.audio_encoder.dim,
            num_latents=audio.history_latents,
            grid=audio.input_grid,
        )

    def forward(
        self,
        streams: Mapping[InputModality, Stream[Tensor]],
        *,
        token_embedder: nn.Embedding,
        freeze: bool,
    ) -> list[EmbeddedStream]:
        """Embed the streams there are, in the encoder's order. Raises ``InputError`` if there is none."""
        if not streams:
            raise InputError("the batch has no input stream", fix="give each example a text at least")
        return [
            self._embed(modality, streams[modality], token_embedder=token_embedder, freeze=freeze)
            for modality in InputModality
            if modality in streams
        ]

    def _embed(
        self, modality: InputModality, stream: Stream[Tensor], *, token_embedder: nn.Embedding, freeze: bool
    ) -> EmbeddedStream:
        match modality:
            case InputModality.TEXT:
                return self.text(stream, token_embedder=token_embedder)
            case InputModality.IMAGE:
                return self.image(stream, freeze_encoder=freeze)
            case InputModality.IMAGE_HISTORY:
                return self.image_history(stream, encoder=self.image.encoder, freeze_encoder=freeze)
            case InputModality.AUDIO:
                return self.audio(stream, freeze_encoder=freeze)
            case InputModality.AUDIO_HISTORY:
                return self.audio_history(stream, encoder=self.audio.encoder, freeze_encoder=freeze)


def _patch_stream(
    config: ModelConfig,
    encoder_config: PatchEncoderConfig,
    encoder: PatchEncoder,
    *,
    grid: tuple[int, int],
    rope_multiplier: float,
) -> PatchStreamEmbedder:
    return PatchStreamEmbedder(
        encoder,
        encoder_dim=encoder_config.dim,
        dim=config.trunk.dim,
        head_dim=config.trunk.head_dim,
        grid=grid,
        rope_multiplier=rope_multiplier,
    )


def _history(
    config: ModelConfig,
    resampler_config: ResamplerConfig,
    *,
    encoder_dim: int,
    num_latents: int,
    grid: tuple[int, int],
) -> HistoryEmbedder:
    dim = config.trunk.dim
    return HistoryEmbedder(
        Resampler(resampler_config, input_dim=encoder_dim, num_latents=num_latents, output_dim=dim),
        dim=dim,
        num_latents=num_latents,
        head_dim=config.trunk.head_dim,
        grid=grid,
    )
