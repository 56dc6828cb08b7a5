"""From a request to an answer: sampling, grammars, cached decoding, option scoring, the predictor."""

from unio.infer.decoding import Chooser, Decoded, SeededSampler, decode
from unio.infer.generation_defaults import (
    GENERATION_FILE,
    GenerationDefaults,
    write_generation_defaults,
)
from unio.infer.grammar import Grammar, codes, free_text, location_bias, locations_only, one_of
from unio.infer.hub import RELEASED_MODELS
from unio.infer.jacobi import JacobiDecoded, decode_jacobi
from unio.infer.loading import BUNDLED_MODELS, generation_defaults, load, model_folder
from unio.infer.needed_parts import needed_modalities
from unio.infer.predictor import Predictor
from unio.infer.saving import write_companions
from unio.infer.scoring import score_options
from unio.infer.tokenizer_source import find_tokenizer
from unio.infer.training_record import (
    TRAINING_FILE,
    TrainingRecord,
    read_training_record,
    write_training_record,
)

__all__ = [
    "BUNDLED_MODELS",
    "GENERATION_FILE",
    "RELEASED_MODELS",
    "TRAINING_FILE",
    "Chooser",
    "Decoded",
    "GenerationDefaults",
    "Grammar",
    "JacobiDecoded",
    "Predictor",
    "SeededSampler",
    "TrainingRecord",
    "codes",
    "decode",
    "decode_jacobi",
    "find_tokenizer",
    "free_text",
    "generation_defaults",
    "load",
    "location_bias",
    "locations_only",
    "model_folder",
    "needed_modalities",
    "one_of",
    "read_training_record",
    "score_options",
    "write_companions",
    "write_generation_defaults",
    "write_training_record",
]
