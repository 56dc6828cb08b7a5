"""From a request to an answer: sampling, grammars, cached decoding, option scoring, the predictor."""

from unio.infer.decoding import Chooser, Decoded, SeededSampler, decode
from unio.infer.grammar import Grammar, codes, free_text, location_bias, locations_only, one_of
from unio.infer.loading import BUNDLED_MODELS, load, model_folder
from unio.infer.predictor import Predictor
from unio.infer.scoring import score_options

__all__ = [
    "BUNDLED_MODELS",
    "Chooser",
    "Decoded",
    "Grammar",
    "Predictor",
    "SeededSampler",
    "codes",
    "decode",
    "free_text",
    "load",
    "location_bias",
    "locations_only",
    "model_folder",
    "one_of",
    "score_options",
]
