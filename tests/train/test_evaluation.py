import json
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
import torch

from unio.data import BatchMaker
from unio.data.sources.playroom import PlayroomSource
from unio.model import load_model
from unio.train.evaluation import ModelEvaluation
from unio.train.evaluation_config import EvaluationConfig
from unio.train.model_learner import ModelLearner
from unio.vocab import TextTokenizer


@pytest.fixture
def evaluate(
    tmp_path: Path, tiny_model_folder: Path, maker: BatchMaker
) -> Callable[..., tuple[ModelLearner, ModelEvaluation]]:
    """Losses are measured on the synthetic world; samples drawn of the playroom, by a model that fits it."""

    def make(*, is_synthetic: bool, **settings: object) -> tuple[ModelLearner, ModelEvaluation]:
        model = None if is_synthetic else load_model(tiny_model_folder)
        learner = tiny.tiny_learner(model=model)
        evaluation = ModelEvaluation(
            learner,
            EvaluationConfig(every_steps=5, **settings),  # type: ignore[arg-type]
            maker=maker,
            source=PlayroomSource(split="test", size=32),
            tokenizer=TextTokenizer.from_file(tiny_model_folder / "tokenizer.model"),
            tasks=["arithmetic", "depth"],
            out=tmp_path,
            precision="float32",
        )
        return learner, evaluation

    return make


def test_held_out_losses_are_logged(tmp_path: Path, evaluate: Callable[..., tuple]) -> None:  # type: ignore[type-arg]
    learner, evaluation = evaluate(is_synthetic=True, batches=2, samples=0)
    assert evaluation.every_steps == 5
    before = {name: value.clone() for name, value in learner.model.state_dict().items()}
    told = evaluation.run(10, is_stopped=lambda: False)
    assert told.startswith("step 10: held out  audio ")
    line = json.loads((tmp_path / "evaluation.jsonl").read_text())
    assert line["step"] == 10
    assert set(line["losses"]) == {"text", "image", "audio", "task/name", "task/paint", "task/hum"}
    assert line["losses"]["text"] == pytest.approx(line["losses"]["task/name"], abs=1e-4)
    assert learner.model.training
    for name, value in learner.model.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_samples_are_drawn(tmp_path: Path, evaluate: Callable[..., tuple]) -> None:  # type: ignore[type-arg]
    _, evaluation = evaluate(is_synthetic=False, batches=0, samples=1)
    assert evaluation.run(10, is_stopped=lambda: False) is not None
    names = {path.name for path in (tmp_path / "samples" / "step-00000010").iterdir()}
    assert {"arithmetic-0.txt", "depth-0.txt", "depth-0.png"} <= names


def test_a_stop_ends_it_at_once(tmp_path: Path, evaluate: Callable[..., tuple]) -> None:  # type: ignore[type-arg]
    _, evaluation = evaluate(is_synthetic=True, batches=2, samples=0)
    assert evaluation.run(10, is_stopped=lambda: True) is None
    assert not (tmp_path / "evaluation.jsonl").exists()
