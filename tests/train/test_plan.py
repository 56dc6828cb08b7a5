import re
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import RUN

from unio.core import ConfigError, validate_config
from unio.model import ModelConfig, UnifiedIO, preset, random_model
from unio.train.model_config import ModelRun
from unio.train.optimiser import OptimiserConfig, make_optimiser
from unio.train.plan import check_fit, check_shares, count_parameters, plan_run
from unio.train.plan_text import describe_plan


def run_of(**changes: Any) -> ModelRun:
    return validate_config(ModelRun, RUN | changes, where="test")


@pytest.mark.parametrize(("size", "billions"), [("large", 1.081), ("xl", 3.175), ("xxl", 6.864)])
def test_the_released_sizes_have_the_papers_parameters(size: str, billions: float) -> None:
    counts = count_parameters(UnifiedIO(preset(size)))
    assert sum(counts.values()) / 1e9 == pytest.approx(billions, abs=0.001)
    assert counts["ViT"] == pytest.approx(85e6, rel=0.1)


@pytest.mark.parametrize("kind", ["adamw", "adafactor", "muon"])
def test_states_are_what_the_optimiser_really_keeps(tiny_config: ModelConfig, kind: str) -> None:
    model = random_model(tiny_config, seed=1)
    trained = [value for value in model.parameters() if value.requires_grad]
    config = OptimiserConfig(kind=kind, learning_rate=1.0, factored_from=8)  # type: ignore[arg-type]
    optimiser = make_optimiser(model, config)
    for value in trained:
        value.grad = torch.ones_like(value)
    optimiser.step()
    kept = sum(state.nbytes for held in optimiser.state.values() for state in held.values() if state.ndim > 0)
    run = run_of(optimiser=config.model_dump())
    memory = plan_run(run, config=tiny_config, devices=1).memory
    assert memory.optimiser == kept
    assert memory.weights == sum(value.nbytes for value in model.parameters())
    assert memory.gradients == memory.average == sum(value.nbytes for value in trained)


def test_processes_share_all_but_the_codecs(tiny_config: ModelConfig) -> None:
    alone = plan_run(run_of(), config=tiny_config, devices=1).memory
    four = plan_run(run_of(), config=tiny_config, devices=4).memory
    replicas = plan_run(run_of(parallel={"replicas": 2}), config=tiny_config, devices=4).memory
    assert four.optimiser == alone.optimiser / 4
    assert replicas.optimiser == alone.optimiser / 2
    codecs = 4 * count_parameters(UnifiedIO(tiny_config))["codecs"]
    assert four.weights == codecs + (alone.weights - codecs) / 4
    assert four.activations == alone.activations


def test_adapters_train_little_and_no_average_is_no_average(tiny_config: ModelConfig) -> None:
    lora = {"layers": ["encoder.*.attention.query"], "rank": 2, "alpha": 2}
    start = {"start": "x", "model": None, "image_codec": None, "audio_codec": None}
    run = run_of(lora=lora, base_dtype="bfloat16", average_decay=0, **start)
    plan = plan_run(run, config=tiny_config, devices=1)
    assert plan.trained == 2 * (16 + 16)
    assert plan.memory.average == 0
    full = plan_run(run_of(), config=tiny_config, devices=1)
    assert plan.memory.weights < full.memory.weights
    assert plan.flops < full.flops


def test_encoders_that_are_tuned_at_the_end_must_fit_too(tiny_config: ModelConfig) -> None:
    frozen = plan_run(run_of(freeze_encoders=True), config=tiny_config, devices=1)
    tuned = plan_run(run_of(freeze_encoders=True, tune_encoders_from=0.9), config=tiny_config, devices=1)
    always = plan_run(run_of(), config=tiny_config, devices=1)
    assert tuned.memory.activations == always.memory.activations > frozen.memory.activations


def test_a_step_is_all_accumulated_batches(tiny_config: ModelConfig) -> None:
    one = plan_run(run_of(), config=tiny_config, devices=1)
    batch = {"text": 2, "image": 0, "audio": 0, "accumulate": 4}
    four = plan_run(run_of(batch=batch), config=tiny_config, devices=1)
    assert (four.examples, four.positions, four.flops) == (8, 4 * one.positions, 4 * one.flops)
    assert four.memory.activations == one.memory.activations


def test_a_plan_is_told_in_words(tiny_config: ModelConfig) -> None:
    plan = plan_run(run_of(), config=tiny_config, devices=2)
    told = describe_plan(plan, peak_flops=1e12, mfu=0.5)
    seconds = plan.flops / (2 * 1e12 * 0.5)
    assert plan.seconds_per_step(peak_flops=1e12, mfu=0.5) == seconds
    assert "on 2 devices: weights" in told
    assert "at MFU 0.5 of 1 TFLOP/s each" in told
    assert f"{seconds:.3g} s a step" in told
    assert "days for 100 steps" in told


def test_a_run_that_cannot_fit_is_told(tiny_config: ModelConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_run(run_of(), config=tiny_config, devices=1)
    check_fit(plan, device=torch.device("cpu"))
    monkeypatch.setattr("unio.train.plan.device_memory", lambda device: 1000.0)
    with pytest.raises(ConfigError, match=r"the run cannot fit: got .* GB of weights.*fix: optimiser\.kind"):
        check_fit(plan, device=torch.device("cpu"))


def test_batches_that_cannot_be_shared_out_are_told() -> None:
    check_shares(run_of(batch={"text": 1, "image": 0, "audio": 0, "accumulate": 4}), devices=2)
    with pytest.raises(
        ConfigError, match=r"cannot be shared out: got batch\.accumulate=1, 3 processes; expected a multiple"
    ):
        check_shares(run_of(), devices=3)


SHIPPED = sorted(
    path
    for folder in ("pretrain", "tune")
    for path in (Path(__file__).parents[2] / "configs" / folder).glob("*.yaml")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_run_can_be_planned(path: Path) -> None:
    from unio.train import describe_run

    size = next((name for name in ("xxl", "xl", "large") if name in path.stem), "nano")
    here = ["source={kind: playroom, split: train}"] if "real" in path.stem else []  # packages are not here
    told = describe_run(path, here, devices=1, peak_tflops=100.0, mfu=0.4, sizes=size)
    assert "a step" in told
    if path.parent.name == "pretrain" and size != "nano":
        assert re.search(r"a step +5[01]\d examples", told), "the paper's batch, nearly"
    if path.parent.name == "tune" and size != "nano" and "lora" not in path.stem:
        assert re.search(r"a step +25\d examples", told), "the paper's batch, nearly"


def test_a_start_that_is_not_there_needs_sizes() -> None:
    from unio.train import describe_run

    path = next(path for path in SHIPPED if path.parent.name == "tune" and path.stem == "xl")
    with pytest.raises(ConfigError, match=r"no model in .*; fix: put the model there, or .* --sizes large"):
        describe_run(path, devices=1, peak_tflops=100.0, mfu=0.4)


def test_a_packed_batch_holds_what_fills_a_budget(tiny_config: ModelConfig) -> None:
    budgets = {"encoder_length": 1000, "decoder_length": 5000, "rows": 2}
    packed = plan_run(run_of(packing=budgets), config=tiny_config, devices=1)
    assert packed.positions - packed.target_tokens == pytest.approx(2 * 1000, rel=0.05)
    assert packed.examples > 20
