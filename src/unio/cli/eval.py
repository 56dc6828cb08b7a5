"""``unio eval``: score every family on unseen scenes, with chance levels and codec ceilings."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unio.cli.families import Families, choose_families
from unio.cli.options import DEFAULT_MODEL, AsJson, Model, Seed, SplitName, check_folder
from unio.cli.progress import show_progress
from unio.core import InputError

if TYPE_CHECKING:
    from unio.evals.summary import TaskSummary

__all__ = ["evaluate_command"]


def evaluate_command(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="playroom, babyai, pusht or metaworld.")],
    split: SplitName = "test",
    count: Annotated[int, typer.Option("--count", min=1, metavar="N", help="Examples of each family.")] = 200,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for results.json, results.md and the scores of every example; the same command "
            "goes on where it was stopped.",
        ),
    ] = None,
    families: Families = None,
    batch: Annotated[
        int, typer.Option("--batch", min=1, metavar="N", help="Examples answered together.")
    ] = 16,
    ceiling: Annotated[
        bool,
        typer.Option("--ceiling/--no-ceiling", help="Also score the truth after the codecs, or the expert."),
    ] = True,
    model: Model = DEFAULT_MODEL,
) -> None:
    """Score a model on unseen scenes and print score, chance and codec ceiling of each family."""
    from unio.data.simulators import SIMULATORS

    if suite not in ("playroom", *SIMULATORS.names()):
        known = ", ".join(("playroom", *SIMULATORS.names()))
        raise InputError("unknown suite", got=repr(suite), expected=known)
    about = {"model": model, "split": split, "count": count, "seed": seed}
    folder = None if out is None else check_folder(out)
    if suite in SIMULATORS:
        from unio.cli.eval_simulators import run_simulator

        summaries = run_simulator(suite, about, folder=folder, batch_size=batch, with_ceiling=ceiling)
    else:
        summaries = run_evaluation(
            about, families=families, folder=folder, batch_size=batch, with_ceiling=ceiling
        )
    from unio.evals.report import markdown_table, write_report
    from unio.evals.summary import summaries_to_json

    if folder is not None:
        write_report(folder, summaries, about=about)
    if as_json:
        typer.echo(json.dumps(summaries_to_json(summaries, about=about)))
    else:
        typer.echo(markdown_table(summaries), nl=False)


def run_evaluation(
    about: dict[str, Any], *, families: str | None, folder: Path | None, batch_size: int, with_ceiling: bool
) -> "list[TaskSummary]":
    """Evaluate the model that ``about`` names, the codec ceiling and the closed loop, into ``folder``."""
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.tasks import TASKS

    source = PlayroomSource(split=about["split"])
    names = choose_families(families, known=source.families(), model=about["model"])
    tasks = [TASKS.get(name) for name in names]
    from unio.evals.ceiling import CodecCeiling
    from unio.evals.closed_loop import blind_policy, evaluate_pushes, model_policy, summarise_pushes
    from unio.evals.evaluator import EvaluationConfig, evaluate
    from unio.evals.result_log import ResultLog
    from unio.evals.summary import summarise
    from unio.infer import load

    predictor = load(about["model"])
    seed = about["seed"]
    config = EvaluationConfig(count=about["count"], seed=seed, batch_size=batch_size)
    identity = {name: about[name] for name in ("model", "split", "seed")}
    pusher = next((task for task in tasks if task.name == "act"), None)

    def open_log(name: str) -> ResultLog:
        return ResultLog(None if folder is None else folder / f"{name}.jsonl", identity=identity)

    answers, ceilings, blind = open_log("answers"), open_log("ceilings"), open_log("blind")
    rounds = len(tasks) * (1 + with_ceiling) + 2 * (pusher is not None)
    with show_progress(rounds * config.count) as report:
        evaluate(
            tasks,
            source=source,
            answerer=predictor,
            config=config,
            log=answers,
            report=report,
            decoding=predictor.defaults.of_task,
        )
        if with_ceiling:
            codecs = CodecCeiling(predictor.model, predictor.tokenizer)
            evaluate(tasks, source=source, answerer=codecs, config=config, log=ceilings, report=report)
        if pusher is not None:
            model = model_policy(predictor, pusher, seed=seed)
            evaluate_pushes(model, source=source, config=config, log=answers, report=report)
            guess = blind_policy(source, pusher, seed=seed)
            evaluate_pushes(guess, source=source, config=config, log=blind, report=report)
    rows = [summarise(task, answers, ceilings) for task in tasks]
    if pusher is not None:
        rows.append(summarise_pushes(pusher, answers, blind))
    return [row for row in rows if row is not None]
