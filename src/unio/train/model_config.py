"""`ModelRun`: everything about the training of a model, read from one YAML file."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from unio.core import Config, ConfigError
from unio.data import Group, LoaderConfig, Mixture
from unio.data.tasks import TASKS
from unio.schema import TargetModality
from unio.train.choices import ModelChoice, SourceConfig
from unio.train.optimiser import OptimiserConfig
from unio.train.schedule import ScheduleConfig
from unio.train.step import Precision
from unio.train.trainer import LoopConfig

__all__ = ["BatchConfig", "ModelRun", "batch_groups"]


class BatchConfig(Config):
    """What a batch is made of: so many examples of each target modality, in one encoder pass."""

    text: int = Field(ge=0, description="Examples with a text target.")
    image: int = Field(ge=0, description="Examples with a picture target.")
    audio: int = Field(ge=0, description="Examples with a sound target.")
    accumulate: int = Field(default=1, gt=0, description="Batches whose gradients make one update.")
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


class ModelRun(Config):
    """Trains a model on tasks of a source."""

    kind: Literal["model"] = Field(description="What is trained.")
    name: str = Field(description="Name of the model, for its card.")
    out: Path = Field(description="Folder of checkpoints, log, curves and the exported model.")
    seed: int = Field(default=0, description="Seed of weights, examples and order.")
    device: str = Field(default="auto", description="auto, cpu, cuda, ...")
    precision: Precision = Field(default="bf16", description="Precision of matrix products.")
    compile: bool = Field(default=False, description="Compile encoder and decoder.")
    model: ModelChoice = Field(description="Sizes; those of codecs and vocabulary follow their files.")
    tokenizer: Path = Field(description="tokenizer.model of the text.")
    image_codec: Path = Field(description="Folder of the trained image codec.")
    audio_codec: Path = Field(description="Folder of the trained audio codec.")
    freeze_encoders: bool = Field(default=False, description="Stop gradients at the ViT and the AST.")
    float32_encoders: bool = Field(
        default=False, description="Run the ViT and the AST in float32 even where precision is bf16."
    )
    source: SourceConfig = Field(
        default_factory=lambda: SourceConfig(), description="Where examples come from."
    )
    mixture: Mixture = Field(description="Tasks, weighed against those of the same target modality.")
    batch: BatchConfig = Field(description="What a batch is made of.")
    loader: LoaderConfig = Field(default_factory=lambda: LoaderConfig(), description="Making batches ahead.")
    optimiser: OptimiserConfig = Field(description="The optimiser.")
    schedule: ScheduleConfig = Field(description="Learning rate over the steps.")
    z_loss: float = Field(default=1e-4, ge=0, description="Weight of the squared log-partition.")
    average_decay: float = Field(
        default=0.999, ge=0, lt=1, description="Decay of the averaged weights, which are exported."
    )
    loop: LoopConfig = Field(description="Length, saves and log.")


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
        weights = {name: share for name, share in shares if TASKS.get(name).output is modality}
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
