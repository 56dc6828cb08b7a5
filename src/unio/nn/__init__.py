"""Torch layers that know nothing of Unified-IO: attention, rotary positions, norms, MLPs, caches."""

from unio.nn.attention import Attention, AttentionKind, KeysValues
from unio.nn.attention_pattern import AttentionPattern, FlexPattern, Layout, SegmentPattern
from unio.nn.gated_mlp import GatedMLP
from unio.nn.key_value_cache import CacheClock, KeyValueCache
from unio.nn.linear import Linear, choose_row_products
from unio.nn.pre_norm_block import Activation, PreNormBlock
from unio.nn.precision import at_least_float32, has_bfloat16, product_dtype
from unio.nn.quantised_linear import Int4Linear, Int8Linear, Quantisation, QuantisedLinear
from unio.nn.rms_norm import RMSNorm
from unio.nn.rotary import grid_rotary, line_rotary, rotate

__all__ = [
    "Activation",
    "Attention",
    "AttentionKind",
    "AttentionPattern",
    "CacheClock",
    "FlexPattern",
    "GatedMLP",
    "Int4Linear",
    "Int8Linear",
    "KeyValueCache",
    "KeysValues",
    "Layout",
    "Linear",
    "PreNormBlock",
    "Quantisation",
    "QuantisedLinear",
    "RMSNorm",
    "SegmentPattern",
    "at_least_float32",
    "choose_row_products",
    "grid_rotary",
    "has_bfloat16",
    "line_rotary",
    "product_dtype",
    "rotate",
]
