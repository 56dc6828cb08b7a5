"""Unified-IO 2 itself: configuration, embedders, trunk, heads, loss and weights (spec sections 2 to 13)."""

from unio.model.config import ModelConfig, PatchEncoderConfig, ResamplerConfig, TrunkConfig
from unio.model.conversion import convert_weights
from unio.model.decoder_cache import DecoderCache
from unio.model.footprint import MODALITY_SETS, weight_bytes
from unio.model.initialise import fill_random, random_model
from unio.model.location_smoothing import LocationSmoothing
from unio.model.loss import LossReport, ModalityLoss, compute_loss, token_losses
from unio.model.memory import Memory
from unio.model.model_folder import Layout, ModelFolder, is_published, open_model_folder, read_model_config
from unio.model.parts import ALL_MODALITIES, Modality
from unio.model.presets import NANO_GEOMETRY, PRESETS, preset
from unio.model.quantisation import QUANTISATIONS, check_quantisation, quantise_decoder
from unio.model.random_folder import write_random_folder
from unio.model.reference_config import config_from_reference, config_to_reference
from unio.model.reference_names import from_reference, to_reference
from unio.model.reference_weights import load_reference_state
from unio.model.step_runner import StepRunner
from unio.model.unified_io import UnifiedIO
from unio.model.weights import load_model, save_model

__all__ = [
    "ALL_MODALITIES",
    "MODALITY_SETS",
    "NANO_GEOMETRY",
    "PRESETS",
    "QUANTISATIONS",
    "DecoderCache",
    "Layout",
    "LocationSmoothing",
    "LossReport",
    "Memory",
    "Modality",
    "ModalityLoss",
    "ModelConfig",
    "ModelFolder",
    "PatchEncoderConfig",
    "ResamplerConfig",
    "StepRunner",
    "TrunkConfig",
    "UnifiedIO",
    "check_quantisation",
    "compute_loss",
    "config_from_reference",
    "config_to_reference",
    "convert_weights",
    "fill_random",
    "from_reference",
    "is_published",
    "load_model",
    "load_reference_state",
    "open_model_folder",
    "preset",
    "quantise_decoder",
    "random_model",
    "read_model_config",
    "save_model",
    "to_reference",
    "token_losses",
    "weight_bytes",
    "write_random_folder",
]
