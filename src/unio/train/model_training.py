"""Training of the model: codecs and tokenizer from their files, examples from a source (spec section 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch._dynamo import config as compiler_config

from unio.core import ConfigError, UnioError
from unio.data import BatchMaker, Shaping, Source, family_of
from unio.data.tasks import TASKS
from unio.model import LocationSmoothing, ModelConfig, UnifiedIO
from unio.model.attention_plan import AttentionBackend
from unio.model.model_folder import CONFIG_FILE
from unio.train.attribution import paradigms_by_id
from unio.train.choices import make_source
from unio.train.denoising import make_denoising
from unio.train.evaluation import ModelEvaluation
from unio.train.export import export_run, tokenizer_path
from unio.train.feeds import LoaderFeed
from unio.train.hardware import peak_flops
from unio.train.model_building import build_model, resolved_config
from unio.train.model_config import ModelRun, batch_groups
from unio.train.model_learner import ModelLearner
from unio.train.packed_feed import PackedFeed
from unio.train.packer import make_packer
from unio.train.plan import check_fit, check_shares, plan_run
from unio.train.processes import SOLO, Processes, joined_processes
from unio.train.recompute import recompute_layers
from unio.train.resuming import run_facts
from unio.train.sharding import shard_model
from unio.train.step import choose_device, describe_products
from unio.train.trackers import make_trackers
from unio.train.trainer import Trainer
from unio.vocab import TextTokenizer

__all__ = ["attention_backend", "make_batch_maker", "train_model"]

COMPILED_FORMS = 64
"""Forms of one function that are compiled, then the rest runs uncompiled: the decoder alone has some for
each target modality, with and without hidden codes, short and long. torch stops at 8."""


def train_model(
    run: ModelRun,
    *,
    source: Source | None = None,
    held_out: Source | None = None,
    processes: Processes = SOLO,
) -> bool:
    """Train, or go on training; True when all steps are done. What the last save gives is in ``out``.

    ``source`` takes the place of the one that ``run`` names, ``held_out`` that of its evaluation.

    Raises ``ConfigError`` for settings that cannot go together or a run that cannot fit, ``InputError``
    or ``WeightsError`` for a missing tokenizer or codec.
    """
    device = choose_device(run.device, local_rank=processes.local_rank)
    with joined_processes(processes, device=device):
        try:
            sources = _Sources(
                train=source or make_source(run.source), held_out=held_out, is_given=source is not None
            )
            return _make_trainer(run, sources, device=device, processes=processes).run()
        except torch.OutOfMemoryError as error:
            raise UnioError(
                "the device has no memory left",
                got=str(error).partition(".")[0],
                fix="fewer examples in batch, recompute: trunk, lora, or more processes; "
                "unio train --plan says what takes how much",
            ) from error


def make_batch_maker(
    run: ModelRun, tokenizer: TextTokenizer, config: ModelConfig, *, source: Source
) -> BatchMaker:
    """What makes batches of ``source``. Raises ``ConfigError`` for a mixture that cannot fill them."""
    groups = batch_groups(run.mixture, run.batch)
    names = [name for group in groups.values() for name in group.mixture.shares]
    guided = frozenset(name for name in names if TASKS.get(family_of(name)).decoding.guidance > 0)
    denoising = None
    if run.denoising is not None:
        denoising = make_denoising(
            run.denoising,
            mixture=run.mixture,
            modalities=groups,
            tokenizer=tokenizer,
            geometry=config.geometry,
        )
    return BatchMaker(
        source=source,
        tokenizer=tokenizer,
        geometry=config.geometry,
        groups=groups,
        seed=run.seed,
        multiple=run.batch.multiple,
        keep=run.batch.keep_patches,
        shaping=Shaping(
            unconditional=run.batch.unconditional,
            guided=guided,
            remembered=run.batch.remembered,
            withheld=run.batch.withheld,
            told=frozenset(name for name in names if family_of(name) in run.batch.told),
            emphasis=run.batch.emphasis,
        ),
        denoising=denoising,
    )


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Where examples come from, and the held-out ones if not from another split of the same.

    ``is_given``: the caller brought the first, and the run's configuration says nothing of it.
    """

    train: Source
    held_out: Source | None
    is_given: bool


def _make_trainer(
    run: ModelRun, sources: _Sources, *, device: torch.device, processes: Processes
) -> Trainer[Any]:
    _check_processes(run, processes)
    tokenizer = TextTokenizer.from_file(tokenizer_path(run))
    if run.start is None or (run.start / CONFIG_FILE).is_file():  # what is not there is told by who reads it
        config = resolved_config(run)
        check_fit(plan_run(run, config=config, devices=processes.size, device=device), device=device)
    model = build_model(run, tokenizer, device=device)
    maker = make_batch_maker(run, tokenizer, model.config, source=sources.train)
    _prepare(model, run, device=device, processes=processes)

    def export(averaged: UnifiedIO, out: Path, step: int) -> str:
        del out
        data = "examples of a source given in Python" if sources.is_given else None
        return export_run(averaged, run, step=step, data=data, processes=processes)

    learner = ModelLearner(
        model,
        config=run.optimiser,
        precision=run.precision,
        z_loss=run.z_loss,
        average_decay=run.average_decay,
        smoothing=_smoothing(run, tokenizer),
        freeze_encoders=run.freeze_encoders,
        tune_encoders_from=run.tune_encoders_from,
        spike_guard=run.spike_guard,
        paradigms=paradigms_by_id(tokenizer),
        trained_only=run.lora is not None,
        processes=processes,
        export=export,
    )
    facts = run_facts(run, products=describe_products(run.precision, device))
    peak = peak_flops(device, given_tflops=run.peak_tflops)
    return Trainer(
        learner,
        _feed(run, maker, model.config, processes=processes),
        name=run.name,
        out=run.out,
        seed=run.seed,
        schedule=run.schedule,
        loop=run.loop,
        facts=facts,
        processes=processes,
        evaluation=_evaluation(run, sources, learner, maker, tokenizer, processes=processes),
        trackers=make_trackers(run.trackers, name=run.name, out=run.out, config=facts["config"])
        if processes.is_first
        else (),
        peak_flops=None if peak is None else peak * processes.size,
    )


def attention_backend(run: ModelRun, device: torch.device) -> AttentionBackend:
    """How packed rows attend: compiled on a CPU, rows of a fixed length do so under a mask.

    Segments have other lengths in every batch, for each of which the compiler would begin again.
    """
    is_fixed = run.packing is not None and run.packing.form == "fixed"
    return "mask" if run.compile and is_fixed and device.type == "cpu" else "auto"


def _smoothing(run: ModelRun, tokenizer: TextTokenizer) -> LocationSmoothing | None:
    if run.location_smoothing == 0:
        return None
    layout = tokenizer.layout
    return LocationSmoothing(
        start=layout.location_start, end=layout.location_end, width=run.location_smoothing
    )


def _feed(
    run: ModelRun, maker: BatchMaker, config: ModelConfig, *, processes: Processes
) -> LoaderFeed | PackedFeed:
    each = run.batch.accumulate
    if run.packing is None:
        return LoaderFeed(maker, config=run.loader, accumulate=each, report=print, processes=processes)
    packer = make_packer(maker, run.packing, config, accumulate=each, freeze_encoders=run.freeze_encoders)
    return PackedFeed(packer, config=run.loader, accumulate=each, report=print, processes=processes)


def _check_processes(run: ModelRun, processes: Processes) -> None:
    check_shares(run, devices=processes.size)
    if processes.size > 1 and run.lora is not None:
        raise ConfigError(
            "adapters are trained by one process",
            got=f"lora with {processes.size} processes",
            fix="leave out torchrun, or lora",
        )


def _prepare(model: UnifiedIO, run: ModelRun, *, device: torch.device, processes: Processes) -> None:
    """Recomputation, compilation and sharding, in the order in which they wrap one another."""
    model.run_encoders_in_float32(run.float32_encoders)
    model.attention_backend = attention_backend(run, device)
    recompute_layers(model, run.recompute)
    if run.compile_encoders:
        for encoder in (model.input_embedders.image.encoder, model.input_embedders.audio.encoder):
            _compile(encoder.blocks)
    if run.compile or run.compile_encoders:
        compiler_config.recompile_limit = max(compiler_config.recompile_limit, COMPILED_FORMS)
    if run.compile and processes.size == 1:
        model.compile_trunk()
    elif run.compile:
        # Gathering and freeing happen between layers: each is compiled on its own.
        _compile(model.encoder.layers)
        _compile(model.decoder.layers)
    if processes.size > 1:
        shard_model(model, run.parallel, processes=processes, device=device)


def _compile(layers: Any) -> None:
    for layer in cast(Iterable[Any], layers):
        layer.compile()


def _evaluation(
    run: ModelRun,
    sources: _Sources,
    learner: ModelLearner,
    maker: BatchMaker,
    tokenizer: TextTokenizer,
    *,
    processes: Processes,
) -> ModelEvaluation | None:
    config = run.evaluation
    if config is None:
        return None
    other_split = run.source.model_copy(update={"split": config.split, "examples_per_scene": None})
    source = sources.held_out or make_source(other_split)
    held_out = BatchMaker(
        source=source,
        tokenizer=maker.tokenizer,
        geometry=maker.geometry,
        groups=maker.groups,
        seed=maker.seed,
        multiple=maker.multiple,
    )
    return ModelEvaluation(
        learner,
        config,
        maker=held_out,
        source=source,
        tokenizer=tokenizer,
        tasks=[name for group in maker.groups.values() for name in group.mixture.shares],
        out=run.out,
        precision=run.precision,
        processes=processes,
        parallel=run.parallel,
    )
