"""Mixture of denoisers: hide a part of text, pictures or sounds and predict it (spec section 12)."""

from unio.data.denoise.choice import Choice, choose, present
from unio.data.denoise.config import DenoiserConfig, MediaDenoising, SpanSetting, TextDenoising
from unio.data.denoise.denoiser import Denoised, Denoiser, SpanTokenizer
from unio.data.denoise.explanation import PARADIGMS, Explanation, ShownMedium, explain, explain_each
from unio.data.denoise.material import (
    AnyMaterial,
    Document,
    ExampleMaterials,
    Material,
    MaterialSource,
    Video,
    document_of,
    material_of,
)

__all__ = [
    "PARADIGMS",
    "AnyMaterial",
    "Choice",
    "Denoised",
    "Denoiser",
    "DenoiserConfig",
    "Document",
    "ExampleMaterials",
    "Explanation",
    "Material",
    "MaterialSource",
    "MediaDenoising",
    "ShownMedium",
    "SpanSetting",
    "SpanTokenizer",
    "TextDenoising",
    "Video",
    "choose",
    "document_of",
    "explain",
    "explain_each",
    "material_of",
    "present",
]
