"""Examples for people: what the model reads of them, patch by patch and piece by piece, and the truth."""

from unio.data.showing.patches import picture_of_patches, spectrogram_of_patches
from unio.data.showing.truth import draw_truth, truth_facts
from unio.data.showing.view import FeaturesView, Piece, TargetDecoder, view_features

__all__ = [
    "FeaturesView",
    "Piece",
    "TargetDecoder",
    "draw_truth",
    "picture_of_patches",
    "spectrogram_of_patches",
    "truth_facts",
    "view_features",
]
