"""``unio eval SIMULATOR``: a model's closed loop in a simulator that a package brings."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from unio.cli.progress import show_progress
from unio.core import InputError

if TYPE_CHECKING:
    from unio.data.simulators import WorldSplit
    from unio.evals.summary import TaskSummary

__all__ = ["run_simulator"]


def run_simulator(
    name: str, about: dict[str, Any], *, folder: Path | None, batch_size: int, with_ceiling: bool
) -> "list[TaskSummary]":
    """Run the model that ``about`` names, blind actions and the expert, into ``folder``.

    Raises ``InputError`` for a split that simulators have not, ``MissingExtraError`` without the package.
    """
    from unio.data.simulators import SIMULATORS
    from unio.data.tasks import TASKS
    from unio.evals.closed_loop import model_policy
    from unio.evals.evaluator import EvaluationConfig
    from unio.evals.result_log import ResultLog
    from unio.evals.simulated import blind_actions, evaluate_worlds, summarise_worlds
    from unio.infer import load

    simulator = SIMULATORS.get(name)
    split, seed = _world_split(about["split"]), about["seed"]
    config = EvaluationConfig(count=about["count"], seed=seed, batch_size=batch_size)
    identity = {name: about[name] for name in ("model", "split", "seed")}

    def open_log(name: str) -> ResultLog:
        return ResultLog(None if folder is None else folder / f"{name}.jsonl", identity=identity)

    answers, blind = open_log("answers"), open_log("blind")
    experts = open_log("experts") if with_ceiling else None
    simulator.trial(split, seed, 0)  # a package that is missing is told before the model is loaded
    model = model_policy(load(about["model"]), TASKS.get(simulator.task), seed=seed)
    guesses = blind_actions(simulator, split, seed=seed)
    runs = [(model, answers), (guesses, blind), *([(None, experts)] if experts is not None else [])]
    with show_progress(len(runs) * config.count) as report:
        for policy, log in runs:
            evaluate_worlds(simulator, policy, split=split, config=config, log=log, report=report)
    row = summarise_worlds(simulator, answers, blind=blind, experts=experts)
    return [] if row is None else [row]


def _world_split(split: str) -> "WorldSplit":
    if split == "train" or split == "test":
        return split
    raise InputError("simulators have no such split", got=repr(split), expected="train or test")
