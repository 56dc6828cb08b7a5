"""`ModelRun`: everything about the training of a model, read from one YAML file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from unio.core import Config, ConfigError
from unio.data import Group, LoaderConfig, Mixture, family_of
from unio.data.packing import PackingConfig
from unio.data.tasks import TASKS
from unio.schema import DecodingOptions, TargetModality
from unio.train.adapters import LoraConfig
from unio.train.assumed_lengths import AssumedLengths
from unio.train.choices import ModelChoice, SourceConfig
from unio.train.denoising import DenoisingConfig
from unio.train.evaluation_config import EvaluationConfig
from unio.train.optimiser import OptimiserConfig
from unio.train.recompute import Recompute
from unio.train.schedule import ScheduleConfig
from unio.train.sharding import ParallelConfig
from unio.train.spike_guard import SpikeGuardConfig
from unio.train.step import PRECISION, Precision
from unio.train.trackers import TrackerName
from unio.train.trainer import LoopConfig

__all__ = ["BatchConfig", "ModelRun", "batch_groups"]


class BatchConfig(Config):
    """What a batch is made of: so many examples of each target modality, in one encoder pass.

    Where examples are packed, a batch holds as many as fit, in this proportion.
    """

    text: int = Field(ge=0, description="Examples with a text target.")
    image: int = Field(ge=0, description="Examples with a picture target.")
    audio: int = Field(ge=0, description="Examples with a sound target.")
    accumulate: int = Field(
        default=1,
        gt=0,
        description="Batches whose gradients make one update, of all processes together: their number "
        "divides it.",
    )
    multiple: int = Field(
        default=16,
        gt=0,
        description="Lengths are rounded up to this: compiled code meets few shapes.",
    )
    keep_patches: float = Field(
        default=1.0, gt=0, le=1, description="Share of each picture's and sound's patches the encoder sees."
    )
    unconditional: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="Share of prompts made empty, for tasks that are decoded with guidance.",
    )
    withheld: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the tasks' pictures and sounds whose decoder is not told a random part of the "
        "codes before, so that it has to look at the inputs.",
    )
    told: tuple[str, ...] = Field(
        default=(), description="Families of which no code is withheld: pictures that have to be invented."
    )
    emphasis: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Part of a picture's loss that is shared out by the detail before each code; the rest is "
        "shared evenly.",
    )
    remembered: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the tasks' single pictures that come as the history's only frame, so that "
        "histories are learned from every family that looks.",
    )


class ModelRun(Config):
    """Trains a model on tasks of a source."""

    kind: Literal["model"] = Field(description="What is trained.")
    name: str = Field(description="Name of the model, for its card.")
    out: Path = Field(description="Folder of checkpoints, log, curves and the exported model.")
    seed: int = Field(default=0, description="Seed of weights, examples and order.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    precision: Precision = Field(default="auto", description=PRECISION)
    compile: bool = Field(default=False, description="Compile encoder and decoder.")
    compile_encoders: bool = Field(default=False, description="Compile the layers of ViT and AST too.")
    recompute: Recompute = Field(
        default="none",
        description="Layers that keep only their input and run again in the backward pass: none, trunk, all.",
    )
    start: Path | None = Field(
        default=None,
        description="Folder of a model to go on from, with its sizes, weights and codecs; in place of model.",
    )
    anew: tuple[str, ...] = Field(
        default=(),
        description="Parts of the model in start that begin with random weights again: dotted names.",
    )
    frozen: tuple[str, ...] = Field(
        default=(), description="Parts of the model that do not learn: dotted names of modules or parameters."
    )
    model: ModelChoice | None = Field(
        default=None, description="Sizes; those of codecs and vocabulary follow their files."
    )
    tokenizer: Path | None = Field(
        default=None, description="tokenizer.model of the text; None: that of the folder in start."
    )
    image_codec: Path | None = Field(
        default=None,
        description="Folder of the trained image codec, or of a model that has one; beside start it "
        "takes the place of that model's own, of the same sizes.",
    )
    audio_codec: Path | None = Field(
        default=None, description="Folder of the trained audio codec, as image_codec."
    )
    lora: LoraConfig | None = Field(
        default=None, description="Freeze the model in start and train adapters beside its linear layers."
    )
    base_dtype: Literal["float32", "bfloat16"] = Field(
        default="float32", description="What the frozen weights beside adapters are held in."
    )
    export: Literal["model", "adapters"] = Field(
        default="model", description="What each save writes for use: a whole model, or its adapters alone."
    )
    freeze_encoders: bool = Field(default=False, description="Stop gradients at the ViT and the AST.")
    float32_encoders: bool = Field(
        default=False, description="Run the ViT and the AST in float32 even where precision is bf16."
    )
    tune_encoders_from: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of the steps after which frozen encoders are tuned; None: never.",
    )
    source: SourceConfig = Field(
        default_factory=lambda: SourceConfig(), description="Where examples come from."
    )
    mixture: Mixture = Field(
        description="Tasks, weighed against those of the same target modality; in a run file also "
        "{file: NAME}, a shipped mixture or a YAML file."
    )
    batch: BatchConfig = Field(description="What a batch is made of.")
    denoising: DenoisingConfig | None = Field(
        default=None, description="Denoise a share of the examples; None: tasks alone."
    )
    packing: PackingConfig | None = Field(
        default=None, description="Let examples share rows up to these budgets; None: one example a row."
    )
    loader: LoaderConfig = Field(default_factory=lambda: LoaderConfig(), description="Making batches ahead.")
    optimiser: OptimiserConfig = Field(description="The optimiser.")
    schedule: ScheduleConfig = Field(description="Learning rate over the steps.")
    z_loss: float = Field(default=1e-4, ge=0, description="Weight of the squared log-partition.")
    location_smoothing: float = Field(
        default=0.0,
        ge=0,
        description="Width in bins of the bell that is the target of a location token; 0: its bin alone.",
    )
    average_decay: float = Field(
        default=0.999,
        ge=0,
        lt=1,
        description="Decay of the averaged weights, which are exported; 0 keeps none.",
    )
    spike_guard: SpikeGuardConfig | None = Field(
        default=None, description="Leave out updates whose loss jumps; None takes every finite one."
    )
    parallel: ParallelConfig = Field(
        default_factory=lambda: ParallelConfig(), description="How several processes share the model."
    )
    decoding: Mapping[str, DecodingOptions] = Field(
        default_factory=dict[str, DecodingOptions],
        description="How the exported model is asked tasks, by name, where it is not the task's own way.",
    )
    evaluation: EvaluationConfig | None = Field(
        default=None, description="Held-out losses and sample outputs along the way."
    )
    trackers: tuple[TrackerName, ...] = Field(
        default=(), description="Where the log goes besides log.jsonl: tensorboard, wandb."
    )
    peak_tflops: float | None = Field(
        default=None, gt=0, description="Peak TFLOP/s of one device, for MFU; None: as its name says."
    )
    assumed: AssumedLengths = Field(
        default_factory=lambda: AssumedLengths(), description="Lengths that unio train --plan counts with."
    )
    loop: LoopConfig = Field(description="Length, saves and log.")

    @model_validator(mode="after")
    def _agree(self) -> "ModelRun":
        if self.start is not None and self.model is not None:
            raise ValueError("either start or model: a model to go on from brings its own sizes")
        codecs = {"image_codec": self.image_codec, "audio_codec": self.audio_codec}
        needed = {"model": self.model, **codecs, "tokenizer": self.tokenizer}
        missing = [name for name, value in needed.items() if value is None]
        if self.start is None and missing:
            raise ValueError(f"{missing[0]}, or start: a model to go on from")
        if self.anew and self.start is None:
            raise ValueError("start beside anew: without it the whole model is random")
        if self.lora is not None and self.start is None:
            raise ValueError("start beside lora: adapters need a model that is trained")
        if self.lora is None and (self.export == "adapters" or self.base_dtype != "float32"):
            raise ValueError("lora beside export: adapters or base_dtype: bfloat16")
        if self.export == "adapters" and any(codec is not None for codec in codecs.values()):
            raise ValueError("export: model beside another codec: adapters alone do not carry it")
        if unknown := [name for name in self.decoding if name not in TASKS.names()]:
            raise ValueError(f"names of tasks in decoding; {unknown[0]!r} is none (`unio tasks` lists them)")
        if unknown := [name for name in self.batch.told if name not in TASKS.names()]:
            raise ValueError(
                f"names of tasks in batch.told; {unknown[0]!r} is none (`unio tasks` lists them)"
            )
        if self.tune_encoders_from is not None and not self.freeze_encoders:
            raise ValueError("freeze_encoders: true beside tune_encoders_from")
        return self


def batch_groups(mixture: Mixture, batch: BatchConfig) -> dict[TargetModality, Group]:
    """The groups of a batch: the mixture's tasks by their target modality.

    Raises ``ConfigError`` for an unknown task, examples of a modality without a task, or tasks of a
    modality without examples.
    """
    counts = {
        TargetModality.TEXT: batch.text,
        TargetModality.IMAGE: batch.image,
        TargetModality.AUDIO: batch.audio,
    }
    groups: dict[TargetModality, Group] = {}
    for modality, count in counts.items():
        shares = mixture.shares.items()
        weights = {name: share for name, share in shares if TASKS.get(family_of(name)).output is modality}
        if count and not weights:
            raise ConfigError(
                f"batch.{modality.value} has no task",
                got=f"no task with {modality.value} targets in mixture.weights",
                fix="set it to 0 or add a task",
            )
        if weights and not count:
            raise ConfigError(
                f"task {next(iter(weights))!r} is never trained",
                got=f"batch.{modality.value}=0",
                fix=f"raise batch.{modality.value} or give the task weight 0",
            )
        if count:
            groups[modality] = Group(mixture=Mixture(weights=weights), count=count)
    if not groups:
        raise ConfigError("the batch is empty", got="batch.text, image and audio all 0", expected="1 or more")
    return groups
