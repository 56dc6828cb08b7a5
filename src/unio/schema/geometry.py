"""Sizes of pictures, sounds and sequences: configuration, never a constant (spec sections 5, 6)."""

from pydantic import Field

from unio.core import Config

__all__ = ["AudioGeometry", "Geometry", "ImageGeometry"]


class ImageGeometry(Config):
    """Square sizes in pixels. Defaults are those of the released models."""

    input_size: int = Field(default=384, gt=0, description="Side of the input picture, in pixels.")
    history_size: int = Field(default=256, gt=0, description="Side of a history frame, in pixels.")
    target_size: int = Field(default=256, gt=0, description="Side of a generated picture, in pixels.")
    patch_size: int = Field(default=16, gt=0, description="Side of an encoder patch, in pixels.")
    code_stride: int = Field(
        default=8, gt=0, description="Pixels a discrete code stands for, in each direction."
    )
    history_frames: int = Field(default=4, ge=0, description="Most frames a picture history may hold.")
    history_latents: int = Field(
        default=32, gt=0, description="Latents the resampler makes of a history frame."
    )
    history_rope_frames: int = Field(
        default=8, gt=0, description="Frames the history's rotary table is built for."
    )

    @property
    def input_grid(self) -> tuple[int, int]:
        """Patches (down, across) of the input picture."""
        side = self.input_size // self.patch_size
        return side, side

    @property
    def history_grid(self) -> tuple[int, int]:
        """Patches (down, across) of a history frame."""
        side = self.history_size // self.patch_size
        return side, side

    @property
    def code_grid(self) -> tuple[int, int]:
        """Codes (down, across) of a generated picture."""
        side = self.target_size // self.code_stride
        return side, side


class AudioGeometry(Config):
    """Spectrogram and segment sizes. Defaults are those of the released models."""

    sample_rate: int = Field(
        default=16000, gt=0, description="Samples a second of every waveform inside unio."
    )
    window: int = Field(default=1024, gt=0, description="FFT size and window length, in samples.")
    hop: int = Field(default=256, gt=0, description="Samples between spectrogram frames.")
    mels: int = Field(default=128, gt=0, description="Mel bands.")
    max_frequency: float = Field(default=8000.0, gt=0, description="Upper edge of the mel bands, in Hz.")
    frames: int = Field(default=256, gt=0, description="Spectrogram frames in a segment.")
    patch_size: int = Field(
        default=16, gt=0, description="Side of an encoder patch, in frames and in mel bands."
    )
    code_patch: int = Field(default=8, gt=0, description="Side of a codec patch, in frames and in mel bands.")
    history_segments: int = Field(default=4, ge=0, description="Most segments a sound history may hold.")
    history_latents: int = Field(
        default=16, gt=0, description="Latents the resampler makes of a history segment."
    )
    history_rope_frames: int = Field(
        default=8, gt=0, description="Segments the history's rotary table is built for."
    )
    input_mean: float = Field(default=-4.26, description="Log-mel mean subtracted for the encoder.")
    input_std: float = Field(default=9.14, gt=0, description="Log-mel deviation divided by for the encoder.")
    target_mean: float = Field(default=-5.0945, description="Log-mel mean subtracted for the codec.")
    target_std: float = Field(default=3.8312, gt=0, description="Log-mel deviation divided by for the codec.")

    @property
    def segment_samples(self) -> int:
        """Samples in a segment: ``frames`` centred frames need ``frames - 1`` hops (65,280 by default)."""
        return (self.frames - 1) * self.hop

    @property
    def input_grid(self) -> tuple[int, int]:
        """Encoder patches (time, mel) of a segment."""
        return self.frames // self.patch_size, self.mels // self.patch_size

    @property
    def code_grid(self) -> tuple[int, int]:
        """Codes (time, mel) of a generated sound, the order in which the decoder sees them."""
        return self.frames // self.code_patch, self.mels // self.code_patch


class Geometry(Config):
    """Everything about sizes that data and model must agree on."""

    image: ImageGeometry = Field(default_factory=lambda: ImageGeometry(), description="Picture sizes.")
    audio: AudioGeometry = Field(default_factory=lambda: AudioGeometry(), description="Sound sizes.")
    text_length: int = Field(
        default=512, gt=0, description="Most text tokens of an input or a target, end included."
    )
