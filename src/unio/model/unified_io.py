"""`UnifiedIO`: five input streams, one encoder, one decoder, three kinds of target (spec section 1)."""

from collections.abc import Sequence
from typing import cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from unio.codecs import VQGAN, ViTVQGAN
from unio.core import InputError
from unio.model.assembly import EncoderInput, assemble
from unio.model.attention_plan import AttentionBackend, plan_attention
from unio.model.config import ModelConfig
from unio.model.decoder import Decoder
from unio.model.decoder_cache import DecoderCache, LayerCache
from unio.model.dynamic_mask import closed_slots, dynamic_mask
from unio.model.encoder import Encoder
from unio.model.input_embedders import EmbeddedStream
from unio.model.memory import Memory
from unio.model.output_head import RowHead, head_logits
from unio.model.packed_inputs import embed_packed
from unio.model.packed_targets import embed_packed_targets, take_places
from unio.model.patch_encoder import PatchEncoder
from unio.model.stream_embedders import StreamEmbedders
from unio.model.target_codes import encode_target
from unio.model.target_embedder import TargetEmbedder, fed_ids, shift_right
from unio.nn.attention import KeysValues
from unio.nn.key_value_cache import CacheClock, KeyValueCache
from unio.nn.linear import choose_row_products
from unio.schema import Batch, Packing, Target, TargetModality

__all__ = ["UnifiedIO"]


class UnifiedIO(nn.Module):
    """The model, codecs included.

    A new one has no weights: its parameters lie on the meta device until `random_model`,
    `load_model` or `load_reference_state` fills them. The codecs take no gradients here; they are
    trained on their own beforehand.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.attention_backend: AttentionBackend = "auto"
        self._row_head: RowHead | None = None
        trunk = config.trunk
        with torch.device("meta"):
            self.token_embedders = nn.ModuleDict(
                {
                    modality.value: nn.Embedding(config.vocab_rows(modality), trunk.dim)
                    for modality in TargetModality
                }
            )
            self.input_embedders = StreamEmbedders(config)
            self.target_embedders = nn.ModuleDict(
                {
                    modality.value: TargetEmbedder(
                        trunk.dim, head_dim=trunk.head_dim, columns=config.target_rope_columns(modality)
                    )
                    for modality in TargetModality
                }
            )
            self.encoder = Encoder(trunk)
            self.decoder = Decoder(trunk)
            self.image_codec = VQGAN(config.image_codec).requires_grad_(False)
            self.audio_codec = ViTVQGAN(config.audio_codec).requires_grad_(False)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.encoder.norm.scale.device

    def forward(
        self, batch: Batch[Tensor], *, freeze_encoders: bool = False
    ) -> dict[TargetModality, Float[Tensor, "count length vocab"]]:
        """Teacher-forced logits of every target modality in the batch, over the rows that have it.

        Of a packed batch, texts are a single entry: their logits are (1, tokens, vocab).
        """
        if batch.packing is not None:
            return self._forward_packed(batch, batch.packing, freeze_encoders=freeze_encoders)
        memory = self.encode(batch, freeze_encoders=freeze_encoders)
        logits: dict[TargetModality, Tensor] = {}
        for modality, target in batch.targets.items():
            if target.ids is None:
                raise InputError(
                    f"the {modality.value} targets are not tokenized", fix="call tokenize_targets first"
                )
            logits[modality] = self.logits(
                modality,
                target.ids,
                memory.select(target.rows),
                hidden=target.hidden,
                withheld=target.withheld,
            )
        return logits

    def _forward_packed(
        self, batch: Batch[Tensor], packing: Packing[Tensor], *, freeze_encoders: bool
    ) -> dict[TargetModality, Float[Tensor, "count length vocab"]]:
        """The same where examples share rows: one encoder and one decoder pass for all modalities."""
        form = self.config.dynamic_mask
        # Without targets whose hidden codes close their slots, the plan is causal alone.
        closing = dict[TargetModality, Target[Tensor]]() if form == "none" else batch.targets
        plan = plan_attention(packing, closing, backend=self.attention_backend, form=form)
        inputs = embed_packed(
            self.input_embedders,
            packing,
            token_embedder=self._token_embedder(TargetModality.TEXT),
            freeze_encoders=freeze_encoders,
        )
        memory: Tensor = self.encoder(_activations(inputs.hidden), mask=plan.encoder, rotary=inputs.rotary)
        slots = embed_packed_targets(
            {modality: self._target_embedder(modality) for modality in batch.targets},
            {modality: self._token_embedder(modality) for modality in batch.targets},
            batch.targets,
            packing.decoder,
        )
        hidden: Tensor = self.decoder(
            _activations(slots.hidden),
            rotary=slots.rotary,
            memory=memory,
            memory_mask=plan.cross,
            memory_rotary=inputs.rotary,
            self_mask=plan.decoder,
        )
        flat = hidden.flatten(0, 1)
        return {
            modality: head_logits(take_places(flat, target), self._token_embedder(modality).weight)
            for modality, target in batch.targets.items()
        }

    def embed(self, batch: Batch[Tensor], *, freeze_encoders: bool = False) -> list[EmbeddedStream]:
        """Every stream of the batch, embedded, in the encoder's order. Absent ones cost nothing."""
        return self.input_embedders(
            batch.streams, token_embedder=self._token_embedder(TargetModality.TEXT), freeze=freeze_encoders
        )

    def encode(self, batch: Batch[Tensor], *, freeze_encoders: bool = False) -> Memory:
        """Embed the streams, lay them into rows and run the encoder.

        ``freeze_encoders`` stops gradients at the ViT and the AST. Raises ``InputError`` if an example
        is empty or does not fit into ``batch.encoder_length``.
        """
        rows: EncoderInput = assemble(
            self.embed(batch, freeze_encoders=freeze_encoders), size=batch.size, length=batch.encoder_length
        )
        hidden: Tensor = self.encoder(_activations(rows.hidden), mask=rows.mask, rotary=rows.rotary)
        return Memory(hidden=hidden, mask=rows.mask, rotary=rows.rotary)

    def logits(
        self,
        modality: TargetModality,
        ids: Int[Tensor, "count length"],
        memory: Memory,
        *,
        hidden: Bool[Tensor, "count length"] | None = None,
        withheld: Bool[Tensor, "count length"] | None = None,
    ) -> Float[Tensor, "count length vocab"]:
        """Teacher-forced float32 logits for ``ids``, whose shift behind the begin token happens here.

        ``memory`` holds the rows of ``ids``. The head is picked by ``modality`` alone. ``hidden`` marks
        codes that later slots do not see (dynamic masking); None is plain causality. ``withheld`` marks
        codes that are predicted but not fed.
        """
        form = self.config.dynamic_mask
        mask = None if hidden is None or form == "none" else dynamic_mask(closed_slots(hidden), form=form)
        slots: Tensor = self.decoder(
            self._embed_target(shift_right(fed_ids(ids, withheld)), modality),
            rotary=self._target_embedder(modality).rotary(ids.shape[1], device=ids.device),
            memory=memory.hidden,
            memory_mask=memory.mask,
            memory_rotary=memory.rotary,
            self_mask=mask,
        )
        return head_logits(slots, self._token_embedder(modality).weight)

    def new_cache(self, modality: TargetModality, memory: Memory, *, max_length: int) -> DecoderCache:
        """A cache for writing ``max_length`` tokens of ``modality`` from each row of ``memory``.

        Keys and values of the encoder's output are made here, once.
        """
        trunk = self.config.trunk
        rows = len(memory.hidden)
        layers = [
            LayerCache(
                own=KeyValueCache(
                    rows,
                    num_heads=trunk.num_heads,
                    max_length=max_length,
                    head_dim=trunk.head_dim,
                    device=self.device,
                    dtype=keys_values.keys.dtype,
                ),
                memory=keys_values,
            )
            for keys_values in self.decoder.memory_keys_values(memory)
        ]
        return DecoderCache(
            modality=modality,
            layers=layers,
            memory_mask=memory.mask[:, None, None, :],
            rotary=self._target_embedder(modality).rotary(max_length, device=self.device),
            table=self._token_embedder(modality).weight,
            clock=CacheClock(rows, device=self.device),
        )

    def decode_step(
        self, ids: Int[Tensor, "count steps"], cache: DecoderCache
    ) -> Float[Tensor, "count vocab"]:
        """Append ``ids`` to each row and return the float32 logits of the token that follows the last.

        The first ids of a decoding are the begin token, 0. Raises ``InputError`` if the cache is full.
        """
        hidden = self._embed_target(ids, cache.modality)
        hidden = self.decoder.step(hidden, rotary=cache.step_rotary(ids.shape[1]), cache=cache)
        return head_logits(hidden[:, -1], cache.head)

    def step_logits(
        self,
        ids: Int[Tensor, "count steps"],
        places: Int[Tensor, "count steps"],
        *,
        own: Sequence[KeysValues],
        cache: DecoderCache,
    ) -> Float[Tensor, "count steps vocab"]:
        """Float32 logits of what follows each of ``ids``, written at ``places`` of ``own``.

        ``own`` are parts of the cache, whose clock is not moved: shapes depend on no position, so that
        compiled code or a captured graph serves them all (`StepRunner`).
        """
        hidden = self._embed_target(ids, cache.modality)
        hidden = self.decoder.step_at(hidden, places=places, own=own, cache=cache)
        if self._row_head is not None and self._row_head.takes(hidden):
            return self._row_head(hidden, cache.table)
        return head_logits(hidden, cache.head)

    def tokenize_targets(self, batch: Batch[Tensor]) -> Batch[Tensor]:
        """The batch with the ids of every target still given as media filled in by its codec."""
        return batch.with_targets(
            {
                kind: encode_target(kind, one, image_codec=self.image_codec, audio_codec=self.audio_codec)
                for kind, one in batch.targets.items()
            }
        )

    @torch.no_grad()
    def decode_image(self, codes: Int[Tensor, "count length"]) -> Float[Tensor, "count height width 3"]:
        """Pictures in [-1, 1] from codes (ids - 2), row-major."""
        return self.image_codec.decode(codes.long()).permute(0, 2, 3, 1)

    @torch.no_grad()
    def decode_audio(self, codes: Int[Tensor, "count length"]) -> Float[Tensor, "count frames mels"]:
        """Normalised log-mels from codes (ids - 2), time-major."""
        return self.audio_codec.decode(codes.long())

    def run_encoders_in_float32(self, is_on: bool) -> None:
        """Keep autocast out of the ViT and the AST, or let it in as a new model does.

        Released models want float32 there (spec section 12), and `load_model` turns it on; training in
        bf16 is faster without. Their parameters must be float32 for it.
        """
        for part in self.input_embedders.modules():
            if isinstance(part, PatchEncoder):
                part.is_float32 = is_on

    def compile_steps(self) -> None:
        """Have `step_logits` run compiled code on this device, made when it is first called.

        On a CPU the fastest way to multiply a row is measured, once on each machine.
        """
        choose_row_products(self.decoder, is_compiled=True)
        self.decoder.compile_steps()
        self._row_head = RowHead.if_fastest(self.decoder.norm.scale.dtype, device=self.device)

    def compile_trunk(self, *, dynamic: bool | None = None) -> None:
        """Compile encoder and decoder in place for training; parameter names stay as they are."""
        self.encoder.compile(dynamic=dynamic)  # pyright: ignore[reportUnknownMemberType]
        self.decoder.compile(dynamic=dynamic)  # pyright: ignore[reportUnknownMemberType]

    def _embed_target(
        self, ids: Int[Tensor, "count steps"], modality: TargetModality
    ) -> Float[Tensor, "count steps dim"]:
        embedder = self._target_embedder(modality)
        return _activations(embedder(ids, token_embedder=self._token_embedder(modality)))

    def _token_embedder(self, modality: TargetModality) -> nn.Embedding:
        return cast(nn.Embedding, self.token_embedders[modality.value])

    def _target_embedder(self, modality: TargetModality) -> TargetEmbedder:
        return cast(TargetEmbedder, self.target_embedders[modality.value])


def _activations(hidden: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The residual stream, in autocast's dtype where autocast is on, as spec section 12 has it."""
    kind = hidden.device.type
    return hidden.to(torch.get_autocast_dtype(kind)) if torch.is_autocast_enabled(kind) else hidden
