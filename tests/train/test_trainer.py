import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._inductor.exc import CppCompileError

from unio.core import CheckpointError, InputError, UnioError
from unio.train.checkpoint import checkpoint_folders, load_latest
from unio.train.log_file import read_log
from unio.train.model_learner import ModelLearner
from unio.train.pace import Pace
from unio.train.step_report import StepReport
from unio.train.trainer import Trainer, seed_step

MakeLearner = Callable[[], ModelLearner]
MakeTrainer = Callable[..., Trainer[Any]]


def weights(out: Path) -> dict[str, torch.Tensor]:
    checkpoint = load_latest(out / "checkpoints", report=print)
    assert checkpoint is not None
    return {
        f"{part}:{name}": value
        for part, tensors in checkpoint.parts.items()
        for name, value in tensors.items()
    }


def assert_same(first: Path, second: Path) -> None:
    ours, theirs = weights(first), weights(second)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert torch.equal(value, theirs[name]), name


def test_training_learns_logs_saves_and_draws(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    assert make_trainer(make_learner(), tmp_path, steps=20, log_every=5).run()
    lines = read_log(tmp_path / "log.jsonl")
    assert [line["step"] for line in lines] == [5, 10, 15, 20]
    losses = {name for name in lines[0]["losses"] if "/" not in name}
    assert losses == {"loss", "text", "image", "audio"}
    parts = {"task/name", "task/paint", "task/hum", "z_loss/text", "z_loss/image", "z_loss/audio"}
    assert set(lines[0]["losses"]) - losses == parts
    assert lines[-1]["losses"]["text"] < lines[0]["losses"]["text"]
    assert lines[-1]["tokens_per_second"] > 0
    assert (tmp_path / "curves.png").exists()
    assert "step 20 of 20" in (tmp_path / "live.html").read_text()
    assert [path.name for path in checkpoint_folders(tmp_path / "checkpoints")] == ["step-00000020"]


def test_resuming_equals_never_having_stopped(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    make_trainer(make_learner(), tmp_path / "whole").run()

    class KillError(Exception):
        pass

    def kill(step: int) -> None:
        if step == 4:
            raise KillError

    with pytest.raises(KillError):  # as if killed: the save of step 3 is the last there is
        make_trainer(make_learner(), tmp_path / "pieces", before_step=kill, save_every_steps=3).run()
    assert load_latest(tmp_path / "pieces" / "checkpoints", report=print).step == 3  # type: ignore[union-attr]
    make_trainer(make_learner(), tmp_path / "pieces").run()
    assert_same(tmp_path / "whole", tmp_path / "pieces")
    steps = [line["step"] for line in read_log(tmp_path / "pieces" / "log.jsonl")]
    assert steps == sorted(set(steps))


def test_sigterm_saves_at_the_next_step_boundary(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer, capsys: pytest.CaptureFixture[str]
) -> None:
    def terminate(step: int) -> None:
        if step == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    make_trainer(make_learner(), tmp_path / "whole").run()
    assert not make_trainer(make_learner(), tmp_path / "pieces", before_step=terminate).run()
    assert [path.name for path in checkpoint_folders(tmp_path / "pieces" / "checkpoints")] == [
        "step-00000003"
    ]
    assert "stopped at step 3: SIGTERM; the same command goes on from there" in capsys.readouterr().err
    assert make_trainer(make_learner(), tmp_path / "pieces").run()
    assert_same(tmp_path / "whole", tmp_path / "pieces")


def test_time_being_over_saves_too(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    assert not make_trainer(make_learner(), tmp_path, stop_after_minutes=1e-9).run()
    assert make_trainer(make_learner(), tmp_path, steps=2).run()


def test_all_steps_done_is_said(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer, capsys: pytest.CaptureFixture[str]
) -> None:
    make_trainer(make_learner(), tmp_path, steps=1).run()
    assert make_trainer(make_learner(), tmp_path, steps=1).run()
    assert "tiny: all 1 steps are done" in capsys.readouterr().err


def test_changed_settings_are_told_on_resuming(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer, capsys: pytest.CaptureFixture[str]
) -> None:
    make_trainer(make_learner(), tmp_path, steps=1).run()
    trainer = make_trainer(make_learner(), tmp_path, steps=2)
    trainer._facts = {"config": {"a": 2, "b": {"c": 3}}}
    trainer.run()
    told = capsys.readouterr().err
    assert "tiny: going on from step 1" in told
    assert "changed since the checkpoint: a: 1 -> 2" in told


def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer, capsys: pytest.CaptureFixture[str]
) -> None:
    make_trainer(make_learner(), tmp_path, steps=2, save_every_steps=1).run()
    newest = checkpoint_folders(tmp_path / "checkpoints")[-1]
    (newest / "model.safetensors").write_bytes(b"cut")
    make_trainer(make_learner(), tmp_path, steps=3).run()
    told = capsys.readouterr().err
    assert "step-00000002 is damaged" in told
    assert "going on from step 1" in told


def test_another_models_checkpoint_is_refused(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    make_trainer(make_learner(), tmp_path, steps=1).run()
    learner = make_learner()
    learner.model.extra = torch.nn.Linear(1, 1)
    with pytest.raises(CheckpointError, match="belongs to another model"):
        make_trainer(learner, tmp_path, steps=2).run()


def test_sigterm_during_a_step_is_heeded_after_it(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    """As while compiled code is being made: that is in the first step."""
    learner = make_learner()
    step = learner.step

    def interrupted(inputs: Any, *, pace: Pace) -> StepReport:
        os.kill(os.getpid(), signal.SIGTERM)
        return step(inputs, pace=pace)

    learner.step = interrupted  # type: ignore[method-assign]
    assert not make_trainer(learner, tmp_path).run()
    assert [path.name for path in checkpoint_folders(tmp_path / "checkpoints")] == ["step-00000001"]


def test_ctrl_c_that_ends_the_compiler_stops_at_the_step_before(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    learner = make_learner()
    step, taken = learner.step, []

    def interrupted(inputs: Any, *, pace: Pace) -> StepReport:
        if len(taken) == 2:  # as a terminal does, which sends it to g++ too
            os.kill(os.getpid(), signal.SIGINT)
            raise CppCompileError(["g++"], "interrupted")
        taken.append(1)
        return step(inputs, pace=pace)

    learner.step = interrupted  # type: ignore[method-assign]
    assert not make_trainer(learner, tmp_path / "pieces").run()
    (saved,) = checkpoint_folders(tmp_path / "pieces" / "checkpoints")
    assert saved.name == "step-00000002"
    make_trainer(make_learner(), tmp_path / "pieces").run()
    make_trainer(make_learner(), tmp_path / "whole").run()
    assert_same(tmp_path / "whole", tmp_path / "pieces")


def test_a_compiler_that_fails_by_itself_is_told(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    learner = make_learner()

    step, taken = learner.step, []

    def broken(inputs: Any, *, pace: Pace) -> StepReport:
        if len(taken) == 2:
            raise CppCompileError(["g++"], "no such compiler")
        taken.append(1)
        return step(inputs, pace=pace)

    learner.step = broken  # type: ignore[method-assign]
    told = r"cannot be compiled: got no such compiler; expected .*; fix: install one.* remove /"
    with pytest.raises(UnioError, match=told):
        make_trainer(learner, tmp_path).run()
    (saved,) = checkpoint_folders(tmp_path / "checkpoints")
    assert saved.name == "step-00000002"


class FailingEvaluation:
    every_steps = 3

    def run(self, step: int, *, is_stopped: Callable[[], bool]) -> str | None:
        raise InputError("the held-out source is gone")


def test_an_evaluation_that_fails_costs_no_step(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    with pytest.raises(InputError, match="the held-out source is gone"):
        make_trainer(make_learner(), tmp_path, evaluation=FailingEvaluation()).run()
    assert [path.name for path in checkpoint_folders(tmp_path / "checkpoints")] == ["step-00000003"]


class InterruptedEvaluation:
    """Is told to stop in its middle, as by a user's Ctrl-C."""

    every_steps = 2

    def __init__(self) -> None:
        self.is_cut_short = False

    def run(self, step: int, *, is_stopped: Callable[[], bool]) -> str | None:
        assert not is_stopped()
        os.kill(os.getpid(), signal.SIGINT)
        self.is_cut_short = is_stopped()
        return None


def test_ctrl_c_during_evaluation_stops_it_and_saves(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    evaluation = InterruptedEvaluation()
    assert not make_trainer(make_learner(), tmp_path, evaluation=evaluation).run()
    assert evaluation.is_cut_short
    assert [path.name for path in checkpoint_folders(tmp_path / "checkpoints")] == ["step-00000002"]


def test_a_source_that_disappears_costs_no_step(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    def gone(step: int) -> None:
        if step == 3:
            raise InputError("8 examples in a row are broken")

    with pytest.raises(InputError, match="8 examples in a row are broken"):
        make_trainer(make_learner(), tmp_path / "pieces", before_step=gone).run()
    assert [path.name for path in checkpoint_folders(tmp_path / "pieces" / "checkpoints")] == [
        "step-00000003"
    ]
    make_trainer(make_learner(), tmp_path / "pieces").run()
    make_trainer(make_learner(), tmp_path / "whole").run()
    assert_same(tmp_path / "whole", tmp_path / "pieces")


def test_a_checkpoint_says_what_made_it(
    tmp_path: Path, make_learner: MakeLearner, make_trainer: MakeTrainer
) -> None:
    make_trainer(make_learner(), tmp_path, steps=1).run()
    checkpoint = load_latest(tmp_path / "checkpoints", report=print)
    assert checkpoint is not None
    assert checkpoint.facts["processes"] == 1
    assert set(checkpoint.facts["versions"]) == {"unio", "torch", "python"}
    assert checkpoint.facts["feed"] == [None]


class NeverFinite:
    learning_rate = 0.1

    def step(self, inputs: object, *, pace: Pace) -> StepReport:
        return StepReport(losses={}, gradient_norm=float("nan"), is_skipped=True, reason="why")


def test_divergence_stops_the_run(tmp_path: Path, make_trainer: MakeTrainer) -> None:
    with pytest.raises(
        UnioError,
        match=r"diverged: got 101 updates in a row that could not be made, the last: why.*lower optimiser",
    ):
        make_trainer(NeverFinite(), tmp_path, steps=200).run()


def test_a_steps_random_numbers_are_its_own() -> None:
    def draw(seed: int, step: int) -> float:
        seed_step(seed, step)
        return float(torch.rand(()))

    assert draw(1, 5) == draw(1, 5)
    assert len({draw(1, 5), draw(1, 6), draw(2, 5)}) == 3
