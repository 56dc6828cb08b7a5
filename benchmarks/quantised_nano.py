"""What narrower weights change in unio-nano: its logits, its loss, its scores on unseen playroom scenes.

    python benchmarks/decode.py --quality [--scenes 8]

Logits and loss are teacher forced, over texts of ``TEXT_TASKS``; scores are those of `unio eval`, with the
same examples and seeds for every form of the weights.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

import unio
from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import TASKS
from unio.evals.evaluator import EvaluationConfig, evaluate
from unio.evals.result_log import ResultLog
from unio.evals.summary import summarise
from unio.infer import Predictor
from unio.infer.answering import encode_examples
from unio.schema import Example

__all__ = ["logit_rows", "score_rows"]

FORMS: dict[str, dict[str, str]] = {
    "float32": {},
    "bf16": {"dtype": "bfloat16"},
    "int8": {"quantise": "int8"},
    "int4": {"quantise": "int4"},
}
TEXT_TASKS = ("caption", "vqa", "detect")
SCORED_TASKS = (*TEXT_TASKS, "refer", "tag", "segment", "depth", "image_from_text", "audio_tag")
SEED = 5


def load_form(form: str) -> Predictor:
    return unio.load("unio-nano", device="cpu", **FORMS[form])


@torch.inference_mode()
def teacher_forced(predictor: Predictor, examples: Sequence[Example]) -> list[tuple[Tensor, Tensor]]:
    """Logits and mean loss of every example's target text."""
    found: list[tuple[Tensor, Tensor]] = []
    length = predictor.model.config.geometry.text_length
    for example in examples:
        ids = torch.tensor([predictor.tokenizer.encode(example.target_text or "", max_length=length)])
        memory = encode_examples(predictor.model, predictor.tokenizer, [example])
        logits = predictor.model.logits(example.target_modality, ids, memory)[0]
        found.append((logits, nn.functional.cross_entropy(logits, ids[0])))
    return found


def logit_rows(count: int) -> list[dict[str, object]]:
    """One line a form: how far logits move, how often the best token stays, the loss."""
    source = PlayroomSource(split="test")
    examples = [source.example(task, SEED, index) for task in TEXT_TASKS for index in range(count)]
    exact = teacher_forced(load_form("float32"), examples)
    wanted = torch.cat([logits for logits, _ in exact])
    rows: list[dict[str, object]] = []
    for form in list(FORMS)[1:]:
        found = teacher_forced(load_form(form), examples)
        got = torch.cat([logits for logits, _ in found])
        rows.append(
            {
                "nano": form,
                "logits_error": round(float((got - wanted).norm() / wanted.norm()), 4),
                "same_best_token": round(float((got.argmax(-1) == wanted.argmax(-1)).float().mean()), 4),
                "loss_float32": round(float(torch.stack([loss for _, loss in exact]).mean()), 4),
                "loss": round(float(torch.stack([loss for _, loss in found]).mean()), 4),
                "tokens": len(wanted),
            }
        )
    return rows


def score_rows(count: int) -> list[dict[str, object]]:
    """One line a task: its metric with each form of the weights."""
    source = PlayroomSource(split="test")
    tasks = [TASKS.get(name) for name in SCORED_TASKS]
    config = EvaluationConfig(count=count, seed=SEED, batch_size=16)
    scores: dict[str, dict[str, float]] = {}
    for form in FORMS:
        log = ResultLog(None, identity={"form": form})
        evaluate(
            tasks, source=source, answerer=load_form(form), config=config, log=log, report=lambda *_: None
        )
        rows = [summarise(task, log) for task in tasks]
        scores[form] = {row.task: row.score for row in rows if row is not None}
    return [
        {
            "task": task.name,
            "metric": task.metric,
            "scenes": count,
            **{form: round(scores[form][task.name], 3) for form in FORMS},
        }
        for task in tasks
    ]
