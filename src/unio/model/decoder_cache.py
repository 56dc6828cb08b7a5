"""`DecoderCache`: everything cached decoding keeps between steps (spec section 14)."""

from dataclasses import dataclass
from functools import cached_property

from jaxtyping import Bool, Float, Int
from torch import Tensor

from unio.core import InputError
from unio.nn.attention import KeysValues
from unio.nn.key_value_cache import CacheClock, KeyValueCache
from unio.nn.precision import at_least_float32
from unio.schema import TargetModality

__all__ = ["DecoderCache", "LayerCache"]


@dataclass(kw_only=True, eq=False)
class LayerCache:
    """One layer: the decoder's own keys and values, growing, and those of the encoder's output, fixed."""

    own: KeyValueCache
    memory: KeysValues


@dataclass(kw_only=True, eq=False)
class DecoderCache:
    """State of one decoding: all rows write the same modality.

    ``rotary`` (1, max_length, 2, half) holds the tables of all positions; ``table`` is the output matrix.
    """

    modality: TargetModality
    layers: list[LayerCache]
    memory_mask: Bool[Tensor, "rows 1 1 keys"]
    rotary: Float[Tensor, "1 max_length 2 half"]
    table: Float[Tensor, "vocab dim"]
    clock: CacheClock

    @cached_property
    def head(self) -> Float[Tensor, "vocab dim"]:
        """``table`` in float32 or wider: a model in bfloat16 does not widen it at every step."""
        return at_least_float32(self.table)

    @property
    def max_length(self) -> int:
        """Tokens each row has room for."""
        return self.rotary.shape[1]

    def check_room(self, steps: int) -> None:
        """Raise ``InputError`` if ``steps`` more tokens do not fit."""
        start = self.clock.filled
        if start + steps > self.max_length:
            raise InputError(
                "the decoder's cache is full",
                got=f"{start + steps} tokens",
                expected=f"at most {self.max_length}",
                fix="make the cache with a larger max_length",
            )

    def step_rotary(self, steps: int) -> Float[Tensor, "#rows steps 2 half"]:
        """Rotary tables of the next ``steps`` positions. Raises ``InputError`` if the cache is full."""
        self.check_room(steps)
        start = self.clock.filled
        if self.clock.is_uniform:
            return self.rotary[:, start : start + steps]
        return self.rotary[0, self.clock.positions(steps)]

    def rewind(self, lengths: Int[Tensor, " rows"]) -> None:
        """Forget each row's tokens beyond ``lengths``, to continue from there."""
        self.clock.rewind(lengths)

    def select(self, rows: Int[Tensor, " selected"]) -> None:
        """Keep the given rows, in the given order, such as those not finished; one may be named twice."""
        self.clock.select(rows)
        self.memory_mask = self.memory_mask[rows]
        for layer in self.layers:
            layer.own.select(rows)
            layer.memory = KeysValues(keys=layer.memory.keys[rows], values=layer.memory.values[rows])
