"""What a run will take: parameters, memory, operations and time, before anything is made or loaded.

Counts of parameters and operations are exact for the lengths assumed; activations are the estimate of
`unio.train.activations`; speed is what the stated MFU makes of the stated peak.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from unio.core import ConfigError
from unio.model import ModelConfig, UnifiedIO
from unio.schema import TargetModality
from unio.train.activations import activation_bytes
from unio.train.adafactor import is_factored
from unio.train.adapters import adapt
from unio.train.assumed_lengths import assumed_lengths
from unio.train.flops import train_flops
from unio.train.memory import device_memory
from unio.train.model_config import ModelRun
from unio.train.optimiser import OptimiserConfig
from unio.train.parameter_groups import matrix_names
from unio.train.step import uses_bf16

__all__ = ["Memory", "Plan", "check_fit", "check_shares", "count_parameters", "plan_run"]

PARTS = {
    "encoder.": "encoder",
    "decoder.": "decoder",
    "token_embedders.": "embeddings and heads",
    "input_embedders.image.encoder.": "ViT",
    "input_embedders.audio.encoder.": "AST",
    "input_embedders.": "projections and resamplers",
    "target_embedders.": "projections and resamplers",
    "image_codec.": "codecs",
    "audio_codec.": "codecs",
}
"""Beginning of a parameter's name -> the part it is counted with; the first that fits counts."""

ROUNDING = 100
"""Batches over which the length of an average example is taken, as shares of examples are rounded."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes on one device."""

    weights: float
    gradients: float
    optimiser: float
    average: float
    activations: float

    @property
    def states(self) -> float:
        """All but the activations."""
        return self.weights + self.gradients + self.optimiser + self.average

    @property
    def total(self) -> float:
        """All of it."""
        return self.states + self.activations


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Figures of a run on ``devices`` devices.

    ``examples``, ``positions``, ``target_tokens`` and ``flops`` are those of one optimiser step.
    """

    name: str
    parameters: Mapping[str, int]
    trained: int
    memory: Memory
    devices: int
    replicas: int
    steps: int
    examples: int
    positions: int
    target_tokens: int
    flops: float

    @property
    def total_parameters(self) -> int:
        """All parameters."""
        return sum(self.parameters.values())

    def seconds_per_step(self, *, peak_flops: float, mfu: float) -> float:
        """At a share ``mfu`` of ``peak_flops`` a second on each device."""
        return self.flops / (self.devices * peak_flops * mfu)


def plan_run(run: ModelRun, *, config: ModelConfig, devices: int, device: torch.device | None = None) -> Plan:
    """The plan of ``run`` for a model of ``config``; nothing is allocated.

    It is for ``devices`` like ``device``, or for such as have instructions for bf16.

    Raises ``ConfigError`` for adapters that fit no layer.
    """
    model = UnifiedIO(config)
    if run.lora is not None:
        adapt(model, run.lora, seed=run.seed)
    trained = {name: value for name, value in model.named_parameters() if value.requires_grad}
    counts = _examples(run, config)
    lengths = assumed_lengths(run.assumed, config, counts=counts, keep_patches=run.batch.keep_patches)
    is_frozen = run.freeze_encoders or run.lora is not None
    flops = train_flops(config, lengths, frozen_encoders=is_frozen, frozen_weights=run.lora is not None)
    is_narrow = run.precision != "float32" if device is None else uses_bf16(run.precision, device)
    activations = activation_bytes(
        config,
        lengths,
        width=2 if is_narrow else 4,
        recompute=run.recompute,
        # Encoders that are tuned at the end must fit too.
        frozen_encoders=run.freeze_encoders and run.tune_encoders_from is None,
    )
    each = run.batch.accumulate
    return Plan(
        name=run.name,
        parameters=count_parameters(model),
        trained=sum(value.numel() for value in trained.values()),
        memory=_memory(run, model, trained, activations=activations, devices=devices),
        devices=devices,
        replicas=run.parallel.replicas,
        steps=run.loop.steps,
        examples=each * sum(counts.values()),
        positions=each * lengths.positions,
        target_tokens=each * sum(target.tokens for target in lengths.targets),
        flops=each * flops,
    )


def check_fit(plan: Plan, *, device: torch.device) -> None:
    """Raise ``ConfigError`` if what a run must hold, activations left aside, is more than ``device`` has."""
    available = device_memory(device)
    if available is not None and plan.memory.states > available:
        raise ConfigError(
            "the run cannot fit",
            got=f"{plan.memory.states / 1e9:.1f} GB of weights, gradients and optimiser states on a device "
            f"of {available / 1e9:.1f} GB",
            fix="optimiser.kind=adafactor, average_decay=0, lora, or more processes (torchrun); "
            "unio train --plan says what takes how much",
        )


def check_shares(run: ModelRun, *, devices: int) -> None:
    """Raise ``ConfigError`` if the batches of a step cannot be shared out evenly over ``devices``."""
    if run.batch.accumulate % devices:
        raise ConfigError(
            "the batches of a step cannot be shared out",
            got=f"batch.accumulate={run.batch.accumulate}, {devices} processes",
            expected="a multiple of the number of processes",
            fix=f"batch.accumulate={max(1, run.batch.accumulate // devices) * devices}, or other processes",
        )


def count_parameters(model: UnifiedIO) -> dict[str, int]:
    """Parameters of each part of the model."""
    counts: dict[str, int] = {}
    for name, value in model.named_parameters():
        part = next(part for beginning, part in PARTS.items() if name.startswith(beginning))
        counts[part] = counts.get(part, 0) + value.numel()
    return counts


def _examples(run: ModelRun, config: ModelConfig) -> dict[TargetModality, int]:
    """Examples of a batch; packed, as many in the same proportion as fill one of the budgets."""
    batch = run.batch
    counts = {
        TargetModality.TEXT: batch.text,
        TargetModality.IMAGE: batch.image,
        TargetModality.AUDIO: batch.audio,
    }
    if run.packing is None:
        return counts
    many = {name: ROUNDING * count for name, count in counts.items()}
    lengths = assumed_lengths(run.assumed, config, counts=many, keep_patches=run.batch.keep_patches)
    times = ROUNDING * run.packing.rows
    times *= min(
        run.packing.encoder_length / max(sum(lengths.encoder), 1),
        run.packing.decoder_length / max(sum(target.tokens for target in lengths.targets), 1),
    )
    return {name: max(round(times * count), int(count > 0)) for name, count in counts.items()}


def _memory(
    run: ModelRun, model: UnifiedIO, trained: Mapping[str, Tensor], *, activations: float, devices: int
) -> Memory:
    """Codecs are whole in every process; the rest is spread over the processes of a replica."""
    shards = max(1, devices // run.parallel.replicas)
    codecs = [
        value.numel()
        for name, value in model.named_parameters()
        if name.startswith(("image_codec.", "audio_"))
    ]
    frozen_width = 2 if run.base_dtype == "bfloat16" else 4
    learning = sum(value.numel() for value in trained.values())
    frozen = sum(value.numel() for value in model.parameters()) - learning - sum(codecs)
    matrices = matrix_names(model)
    states = sum(
        _state_bytes(run.optimiser, value, is_matrix=name in matrices) for name, value in trained.items()
    )
    return Memory(
        weights=4.0 * sum(codecs) + (4.0 * learning + frozen_width * frozen) / shards,
        gradients=4.0 * learning / shards,
        optimiser=states / shards,
        average=4.0 * learning / shards if run.average_decay else 0.0,
        activations=activations,
    )


def _state_bytes(config: OptimiserConfig, value: Tensor, *, is_matrix: bool) -> float:
    """Bytes that the optimiser keeps of one parameter."""
    match config.kind:
        case "adamw":
            return 8.0 * value.numel()
        case "muon":
            return (4.0 if is_matrix else 8.0) * value.numel()
        case "adafactor":
            mean = 4.0 * value.numel() if config.beta1 else 0.0
            if not is_factored(tuple(value.shape), least=config.factored_from):
                return mean + 4.0 * value.numel()
            rows, columns = value.numel() // value.shape[-1], value.numel() // value.shape[-2]
            return mean + 4.0 * (rows + columns)
