"""The words every floor shares: modalities, geometry, examples, features, batches, requests."""

from unio.schema.batch import Batch, Stream, Target
from unio.schema.example import Example, Picture, Waveform
from unio.schema.features import Features, PatchFeatures, TargetFeatures
from unio.schema.geometry import AudioGeometry, Geometry, ImageGeometry
from unio.schema.modality import InputModality, Paradigm, TargetModality, prompt_prefix
from unio.schema.packing import PackedFrames, PackedInputs, PackedTexts, Packing, Segments
from unio.schema.request import DecodingOptions, ModelOutput

__all__ = [
    "AudioGeometry",
    "Batch",
    "DecodingOptions",
    "Example",
    "Features",
    "Geometry",
    "ImageGeometry",
    "InputModality",
    "ModelOutput",
    "PackedFrames",
    "PackedInputs",
    "PackedTexts",
    "Packing",
    "Paradigm",
    "PatchFeatures",
    "Picture",
    "Segments",
    "Stream",
    "Target",
    "TargetFeatures",
    "TargetModality",
    "Waveform",
    "prompt_prefix",
]
