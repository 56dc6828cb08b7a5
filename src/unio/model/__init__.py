"""Unified-IO 2 itself: configuration, embedders, trunk, heads, loss and weights (spec sections 2 to 13)."""

from unio.model.config import ModelConfig, PatchEncoderConfig, ResamplerConfig, TrunkConfig
from unio.model.decoder_cache import DecoderCache
from unio.model.initialise import fill_random, random_model
from unio.model.loss import LossReport, ModalityLoss, compute_loss, token_losses
from unio.model.memory import Memory
from unio.model.presets import NANO_GEOMETRY, PRESETS, preset
from unio.model.reference_config import config_from_reference, config_to_reference
from unio.model.reference_names import from_reference, to_reference
from unio.model.reference_weights import load_reference_state
from unio.model.unified_io import UnifiedIO
from unio.model.weights import load_model, read_model_config, save_model

__all__ = [
    "NANO_GEOMETRY",
    "PRESETS",
    "DecoderCache",
    "LossReport",
    "Memory",
    "ModalityLoss",
    "ModelConfig",
    "PatchEncoderConfig",
    "ResamplerConfig",
    "TrunkConfig",
    "UnifiedIO",
    "compute_loss",
    "config_from_reference",
    "config_to_reference",
    "fill_random",
    "from_reference",
    "load_model",
    "load_reference_state",
    "preset",
    "random_model",
    "read_model_config",
    "save_model",
    "to_reference",
    "token_losses",
]
