"""``unio demo``: the model's families on scenes the model has never seen, on one page."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unio.cli.families import Families, choose_families
from unio.cli.options import DEFAULT_MODEL, Model, Seed, check_folder
from unio.cli.progress import show_progress

if TYPE_CHECKING:
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.tasks import Task
    from unio.evals.page import Card
    from unio.evals.summary import TaskSummary
    from unio.infer import Predictor

__all__ = ["demo"]


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for index.html.")] = Path("demo"),
    seed: Seed = 0,
    count: Annotated[int, typer.Option("--count", min=1, metavar="N", help="Examples of each family.")] = 1,
    families: Families = None,
    model: Model = DEFAULT_MODEL,
) -> None:
    """Run the model's families on unseen scenes and write one page, index.html, that needs no network."""
    begin = time.perf_counter()
    folder = check_folder(out)
    from unio.data.sources.playroom import PlayroomSource
    from unio.data.tasks import TASKS
    from unio.evals.page import compose_page
    from unio.infer import load
    from unio.media import write_whole

    source = PlayroomSource(split="test")
    names = choose_families(families, known=source.families(), model=model)
    tasks = [TASKS.get(name) for name in names]
    predictor = load(model)
    loaded = time.perf_counter() - begin
    cards = make_cards(predictor, tasks, source=source, seed=seed, count=count)
    summaries, note = find_scores(model)
    parameters = sum(parameter.numel() for parameter in predictor.model.parameters())
    answered = sum(card.seconds for card in cards)
    facts = {
        "Model": f"{model}, {parameters / 1e6:.1f} million parameters",
        "Device": str(predictor.model.device),
        "Loaded in": f"{loaded:.1f} s",
        "Answers": f"{len(cards)} in {answered:.1f} s",
        "Seed": str(seed),
    }
    page = compose_page(cards, facts=facts, summaries=summaries, table_note=note)
    place = write_whole(folder / "index.html", page.encode())
    typer.echo(f"{len(cards)} answers in {time.perf_counter() - begin:.0f} s: {place.resolve()}")


def make_cards(
    predictor: "Predictor", tasks: "list[Task]", *, source: "PlayroomSource", seed: int, count: int
) -> "list[Card]":
    """``count`` cards of each family, on scenes of the source."""
    from unio.evals.demonstration import demonstrate, demonstrate_push

    cards: list[Card] = []
    with show_progress(count * len(tasks)) as report:
        for place, task in enumerate(tasks):
            for index in range(place * count, (place + 1) * count):  # no two cards of one scene
                example = source.example(task.name, seed, index)
                if task.name == "act":
                    trial = source.push_trial(seed, index)
                    card = demonstrate_push(task, example, trial, answerer=predictor, seed=seed)
                else:
                    card = demonstrate(task, example, answerer=predictor, seed=seed, index=index)
                cards.append(card)
                report(task.name, 1)
    return cards


def find_scores(model: str) -> "tuple[list[TaskSummary], str]":
    """The score table that lies beside the model's weights, and a sentence about it."""
    from unio.evals.summary import summaries_from_json
    from unio.infer import model_folder

    path = model_folder(model) / "results.json"
    if not path.is_file():
        return [], "This model folder holds no results.json; unio eval playroom --out DIR writes one."
    values = json.loads(path.read_text(encoding="utf-8"))
    about = values["about"]
    return (
        summaries_from_json(values),
        f"{about['count']} examples of each family from the {about['split']} split, seed {about['seed']}, "
        "as unio eval playroom measured them. The bar runs from the score of an answer that looks at "
        "nothing to the best score the discrete codecs allow.",
    )
