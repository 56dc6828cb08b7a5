from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
import torch

from unio.core import CheckpointError
from unio.data import BatchMaker
from unio.model import LocationSmoothing, ModelConfig, UnifiedIO, random_model
from unio.train.adapters import LoraConfig, adapt
from unio.train.model_learner import ModelLearner
from unio.train.optimiser import OptimiserConfig
from unio.train.pace import Pace
from unio.train.spike_guard import SpikeGuardConfig

PACE = Pace(rate_share=0.5, progress=0.0)


def test_a_step_reports_losses_tokens_and_examples(
    make_learner: Callable[[], ModelLearner], maker: BatchMaker
) -> None:
    learner = make_learner()
    batch = maker.make(0).batch
    report = learner.step([batch], pace=PACE)
    names = {"text", "image", "audio"}
    assert set(report.losses) == {"loss", *names, *(f"z_loss/{name}" for name in names)}
    assert report.losses["loss"] >= report.losses["text"] + report.losses["image"] + report.losses["audio"]
    assert report.tokens == sum(int(target.mask.sum()) for target in batch.targets.values())
    assert report.examples == 6
    assert set(report.sums) == {"task/name", "task/paint", "task/hum"}
    total, count = report.sums["task/name"]
    assert total / count == pytest.approx(report.losses["text"], rel=1e-5)
    assert 0 < report.real <= report.positions
    assert report.flops > 0
    assert learner.learning_rate == pytest.approx(0.005)
    assert learner.average.updates == 1


def test_accumulating_averages_the_gradients(
    make_learner: Callable[[], ModelLearner], maker: BatchMaker
) -> None:
    learners = make_learner(), make_learner()
    batch = maker.make(0).batch
    reports = learners[0].step([batch], pace=PACE), learners[1].step([batch, batch], pace=PACE)
    assert reports[0].gradient_norm == pytest.approx(reports[1].gradient_norm, rel=1e-5)
    assert reports[0].losses["text"] == pytest.approx(reports[1].losses["text"], rel=1e-5)
    assert reports[1].examples == 12


def test_a_gradient_that_is_not_finite_changes_nothing(
    make_learner: Callable[[], ModelLearner], maker: BatchMaker
) -> None:
    learner = make_learner()
    batch = maker.make(0).batch
    media = batch.targets
    poisoned = batch.map(lambda array: array * float("nan") if array.dtype.kind == "f" else array)
    before = {name: value.clone() for name, value in learner.model.state_dict().items()}
    report = learner.step([poisoned.with_targets(media)], pace=PACE)
    assert report.is_skipped
    assert report.reason == "the image input of an example of task 'name' holds values that are not finite"
    assert learner.average.updates == 0
    for name, value in learner.model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_the_codecs_stay_as_they_are(make_learner: Callable[[], ModelLearner], maker: BatchMaker) -> None:
    learner = make_learner()
    before = {name: value.clone() for name, value in learner.model.state_dict().items()}
    learner.step([maker.make(0).batch], pace=PACE)
    changed = {
        name.split(".")[0]
        for name, value in learner.model.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert "encoder" in changed
    assert not {"image_codec", "audio_codec"} & changed


def test_export_gets_the_averaged_weights(
    tiny_config: ModelConfig, maker: BatchMaker, tmp_path: Path
) -> None:
    seen: list[torch.Tensor] = []

    def export(model: UnifiedIO, folder: Path, step: int) -> str:
        seen.append(model.encoder.norm.scale.detach().clone())
        return f"{folder.name} {step}"

    learner = ModelLearner(
        random_model(tiny_config, seed=1),
        config=OptimiserConfig(learning_rate=0.1),
        precision="float32",
        z_loss=0.0,
        average_decay=0.9,
        export=export,
    )
    learner.step([maker.make(0).batch], pace=PACE)
    assert learner.preview(tmp_path / "run", step=8) == "run 8"
    assert torch.equal(seen[0], learner.average.tensors()["encoder.norm.scale"])
    assert not torch.equal(seen[0], learner.model.encoder.norm.scale)


def test_soft_targets_are_learnt_from_but_not_reported(maker: BatchMaker) -> None:
    everything = LocationSmoothing(start=0, end=tiny.tiny_config().text_vocab_rows, width=3.0)
    batch = maker.make(0).batch
    plain, soft = (tiny.tiny_learner(smoothing=one) for one in (None, everything))
    hard, softened = (one.step([batch], pace=PACE).losses for one in (plain, soft))
    assert softened["text"] == pytest.approx(hard["text"])
    assert softened["loss"] != pytest.approx(hard["loss"])
    table = "token_embedders.text.weight"
    assert not torch.equal(plain.model.state_dict()[table], soft.model.state_dict()[table])


def test_a_checkpoint_without_a_part_is_refused(make_learner: Callable[[], ModelLearner]) -> None:
    with pytest.raises(CheckpointError, match="belongs to another model"):
        make_learner().restore({})


def test_a_spike_is_skipped_and_told_and_the_guard_is_saved(maker: BatchMaker) -> None:
    guard = SpikeGuardConfig(deviations=1.0, after_steps=1)
    learner = tiny.tiny_learner(spike_guard=guard)
    batch = maker.make(0).batch
    assert not learner.step([batch], pace=PACE).is_skipped
    assert learner.guard is not None
    learner.guard.mean = 0.1
    before = learner.model.encoder.norm.scale.clone()
    report = learner.step([batch], pace=PACE)
    assert report.reason == "its loss is a spike"
    assert torch.equal(learner.model.encoder.norm.scale, before)
    other = tiny.tiny_learner(spike_guard=guard)
    other.restore(learner.parts())
    assert other.guard == learner.guard


def test_encoders_learn_from_the_share_of_the_run_on_that_is_asked(maker: BatchMaker) -> None:
    learner = tiny.tiny_learner(freeze_encoders=True, tune_encoders_from=0.5)
    name = "input_embedders.image.encoder.class_token"
    start = learner.model.state_dict()[name].clone()
    learner.step([maker.make(0).batch], pace=Pace(rate_share=1.0, progress=0.4))
    assert torch.equal(learner.model.state_dict()[name], start)
    learner.step([maker.make(1).batch], pace=Pace(rate_share=1.0, progress=0.5))
    assert not torch.equal(learner.model.state_dict()[name], start)


def test_tokens_weigh_the_same_in_every_batch_of_a_step() -> None:
    """Two batches of a step are one: their losses are those of all tokens, not means of means."""
    texts, sounds = tiny.tiny_maker(text=3).make(0).batch, tiny.tiny_maker(audio=1).make(1).batch
    apart = [tiny.tiny_learner().step([one], pace=PACE).losses for one in (texts, sounds)]
    together = tiny.tiny_learner().step([texts, sounds], pace=PACE).losses
    assert together["text"] == pytest.approx(apart[0]["text"], rel=1e-6)
    assert together["audio"] == pytest.approx(apart[1]["audio"], rel=1e-6)


def test_only_what_is_trained_is_kept_of_an_adapted_model(
    tiny_config: ModelConfig, maker: BatchMaker
) -> None:
    def adapted() -> ModelLearner:
        model = random_model(tiny_config, seed=5)
        adapt(model, LoraConfig(layers=("encoder.*.attention.query",), rank=2, alpha=2), seed=1)
        return tiny.tiny_learner(model=model, trained_only=True)

    learner, other = adapted(), adapted()
    learner.step([maker.make(0).batch], pace=PACE)
    parts = learner.parts()
    assert {name.rpartition(".")[2] for name in parts["model"]} == {"lora_a", "lora_b"}
    other.restore(parts)
    reports = [one.step([maker.make(1).batch], pace=PACE) for one in (learner, other)]
    assert reports[0].losses == reports[1].losses


def test_an_average_that_the_checkpoint_lacks_is_told(maker: BatchMaker) -> None:
    learner = tiny.tiny_learner()
    parts = {**learner.parts(), "average": {":updates": torch.tensor(0)}}
    with pytest.raises(CheckpointError, match=r"no average of the weights.*average_decay"):
        learner.restore(parts)
