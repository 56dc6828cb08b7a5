"""The trunk's encoder: bidirectional over all streams of an example (spec section 10)."""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from unio.model.config import TrunkConfig
from unio.nn.attention import Attention
from unio.nn.attention_pattern import AttentionPattern
from unio.nn.gated_mlp import GatedMLP
from unio.nn.rms_norm import RMSNorm

__all__ = ["Encoder"]


class _EncoderLayer(nn.Module):
    """Pre-norm self-attention, then pre-norm MLP."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.dim)
        self.attention = Attention(
            config.dim, num_heads=config.num_heads, head_dim=config.head_dim, kind=config.attention
        )
        self.mlp_norm = RMSNorm(config.dim)
        self.mlp = GatedMLP(config.dim, mlp_dim=config.mlp_dim)

    def forward(
        self,
        x: Float[Tensor, "batch length dim"],
        *,
        mask: Bool[Tensor, "batch 1 1 length"] | AttentionPattern,
        rotary: Float[Tensor, "batch length 2 half"],
    ) -> Float[Tensor, "batch length dim"]:
        normed = self.attention_norm(x)
        queries = self.attention.make_queries(normed, rotary=rotary)
        keys_values = self.attention.make_keys_values(normed, rotary=rotary)
        x = x + self.attention.attend(queries, keys_values, mask=mask)
        return x + self.mlp(self.mlp_norm(x))


class Encoder(nn.Module):
    """Layers and a final norm."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_EncoderLayer(config) for _ in range(config.encoder_layers))
        self.norm = RMSNorm(config.dim)

    def forward(
        self,
        hidden: Float[Tensor, "batch length dim"],
        *,
        mask: Bool[Tensor, "batch length"] | AttentionPattern,
        rotary: Float[Tensor, "batch length 2 half"],
    ) -> Float[Tensor, "batch length dim"]:
        """Encoded rows; what comes out at padding means nothing. Every row needs a valid position.

        A pattern stands for the mask where examples share rows.
        """
        key_mask = mask if isinstance(mask, AttentionPattern) else mask[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, mask=key_mask, rotary=rotary)
        return self.norm(hidden)
