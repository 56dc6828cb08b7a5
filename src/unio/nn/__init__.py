"""Torch layers that know nothing of Unified-IO: attention, rotary positions, norms, MLPs, caches."""

from unio.nn.attention import Attention, AttentionKind, KeysValues
from unio.nn.gated_mlp import GatedMLP
from unio.nn.key_value_cache import CacheClock, KeyValueCache
from unio.nn.pre_norm_block import Activation, PreNormBlock
from unio.nn.rms_norm import RMSNorm
from unio.nn.rotary import grid_rotary, line_rotary, rotate

__all__ = [
    "Activation",
    "Attention",
    "AttentionKind",
    "CacheClock",
    "GatedMLP",
    "KeyValueCache",
    "KeysValues",
    "PreNormBlock",
    "RMSNorm",
    "grid_rotary",
    "line_rotary",
    "rotate",
]
