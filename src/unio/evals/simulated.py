"""Closed loops in the simulators of packages: look, act, look again, until the simulator says it is over.

The score is the share of problems that the simulator itself counts as solved. Chance is the same loop with
actions that the expert takes in other problems, the ceiling the expert itself.
"""

from collections.abc import Iterator, Sequence

from unio.data.simulators import SimulatedTrial, Simulator, WorldSplit, run_expert
from unio.data.sources.playroom import Policy, closed_loop
from unio.data.tasks import task
from unio.evals.evaluator import EvaluationConfig, Progress
from unio.evals.result_log import ExampleResult, ResultLog
from unio.evals.summary import TaskSummary, combine
from unio.media import Prediction
from unio.schema import Example

__all__ = ["blind_actions", "closed_loop_name", "evaluate_worlds", "summarise_worlds"]


def closed_loop_name(simulator: Simulator) -> str:
    """What the log and the table call it."""
    return f"{simulator.name}_closed_loop"


def blind_actions(simulator: Simulator, split: WorldSplit, *, seed: int) -> Policy:
    """What the expert does in other problems, whatever the picture shows."""
    actions = _expert_actions(simulator, split, seed=seed + 1)

    def choose(examples: Sequence[Example]) -> list[Prediction]:
        return [next(actions) for _ in examples]

    return choose


def evaluate_worlds(
    simulator: Simulator,
    policy: Policy | None,
    *,
    split: WorldSplit,
    config: EvaluationConfig,
    log: ResultLog,
    report: Progress,
) -> None:
    """Bring ``config.count`` problems to their end into ``log``; what is there is not redone.

    ``policy`` None is the simulator's own expert.
    """
    name = closed_loop_name(simulator)
    missing = [index for index in range(config.count) if (name, index) not in log]
    report(name, config.count - len(missing))
    for start in range(0, len(missing), config.batch_size):
        indices = missing[start : start + config.batch_size]
        trials = [simulator.trial(split, config.seed, index) for index in indices]
        ended = [run_expert(one) for one in trials] if policy is None else closed_loop(trials, policy)
        log.append(
            ExampleResult(task=name, index=index, scores=trial.scores, seconds=0.0)
            for index, trial in zip(indices, ended, strict=True)
        )
        report(name, len(indices))


def summarise_worlds(
    simulator: Simulator, results: ResultLog, *, blind: ResultLog, experts: ResultLog | None
) -> TaskSummary | None:
    """The row of the table, or None if no problem was run. ``experts`` None: no ceiling was measured."""
    name = closed_loop_name(simulator)
    rows = results.results(name)
    if not rows:
        return None
    scores = combine(rows, aggregate="mean")
    best = None if experts is None else combine(experts.results(name), aggregate="mean").get("success")
    return TaskSummary(
        task=name,
        group=task(simulator.task).group,
        title=simulator.title,
        metric="success",
        higher_is_better=True,
        score=scores["success"],
        chance=combine(blind.results(name), aggregate="mean").get("success", 0.0),
        ceiling=best,
        count=len(rows),
        seconds=0.0,
        scores=scores,
    )


def _expert_actions(simulator: Simulator, split: WorldSplit, *, seed: int) -> Iterator[Prediction]:
    index = 0
    while True:
        trial: SimulatedTrial = simulator.trial(split, seed, index)
        while not trial.done:
            prediction = trial.expert()
            yield prediction
            trial = trial.after(prediction)
        index += 1
