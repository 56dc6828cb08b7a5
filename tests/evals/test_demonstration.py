from pathlib import Path

import pytest

from unio.data.sources.playroom import PlayroomSource
from unio.data.tasks import task
from unio.evals.demonstration import demonstrate, demonstrate_push
from unio.evals.page import Figure, Player, Strip, Words
from unio.infer import Predictor, load
from unio.media import Prediction

SOURCE = PlayroomSource(split="test", size=32)


@pytest.fixture(scope="module")
def predictor(tiny_model_folder: Path) -> Predictor:
    return load(tiny_model_folder)


@pytest.mark.parametrize(
    ("name", "inputs", "answer"),
    [
        ("caption", [Figure], [Words]),
        ("detect", [Figure], [Figure]),
        ("depth", [Figure], [Figure]),
        ("next_frame", [Strip], [Figure]),
        ("camera_pose", [Strip], [Words]),
        ("audio_tag", [Player], [Words]),
        ("sort", None, [Words]),
        ("audio_from_text", None, [Player]),
    ],
)
def test_each_kind_is_shown_in_its_own_way(
    predictor: Predictor, name: str, inputs: list[type] | None, answer: list[type]
) -> None:
    card = demonstrate(task(name), SOURCE.example(name, 0, 0), answerer=predictor, seed=0)
    panels = {panel.heading: [type(item) for item in panel.items] for panel in card.panels}
    assert panels == {**({} if inputs is None else {"Input": inputs}), "Truth": answer, "Answer": answer}
    assert card.seconds > 0
    assert task(name).metric in card.scores


@pytest.mark.parametrize("name", ["cuboid", "point", "optical_flow", "pick_place"])
def test_places_and_flows_are_drawn(predictor: Predictor, name: str) -> None:
    card = demonstrate(task(name), SOURCE.example(name, 0, 0), answerer=predictor, seed=0)
    (truth,) = (panel.items for panel in card.panels if panel.heading == "Truth")
    assert [type(item) for item in truth] == [Figure]


def test_a_push_is_shown_as_a_film_with_its_outcome(predictor: Predictor) -> None:
    example, trial = SOURCE.example("act", 0, 0), SOURCE.push_trial(0, 0)
    card = demonstrate_push(task("act"), example, trial, answerer=predictor, seed=0)
    _, truth, answer = card.panels
    assert isinstance(truth.items[0], Figure)
    assert truth.items[0].uri.startswith("data:image/webp;base64,")
    assert isinstance(answer.items[1], Words)
    assert answer.items[1].text.endswith("pushes")


def test_every_familys_own_target_scores_well_by_the_way_truth_is_shown() -> None:
    from unio.evals.demonstration import truth_output

    for family in map(task, SOURCE.families()):
        if family.output.value != "text":
            continue
        example = SOURCE.example(family.name, 1, 0)
        prediction = family.parse(truth_output(example), example)
        assert isinstance(prediction, Prediction)
        assert family.score(prediction, example.truth)[family.metric] >= 0.5, family.name
