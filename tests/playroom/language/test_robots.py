import numpy as np

from unio.playroom.films import film
from unio.playroom.language.robots import (
    GOAL_WORDS,
    pick_instruction,
    robot_question,
    slide_instruction,
    walk_instruction,
)
from unio.playroom.pick_problems import GOALS, pick_problem


def test_instructions_name_both_things_in_order() -> None:
    problem = pick_problem(2, "test")
    mover, other = problem.scene.things[problem.mover], problem.scene.things[problem.other]
    names = [f"{thing.colour} {thing.shape}" for thing in (mover, other)]
    rng = np.random.default_rng(0)
    seen: set[str] = set()
    for goal in GOALS:
        for _ in range(40):
            text = pick_instruction(mover, goal, other, rng)
            assert text.index(names[0]) < text.index(f"{GOAL_WORDS[goal]} the {names[1]}")
            seen.add(text.split(names[0])[0])
    assert len(seen) >= 7
    pushed = {slide_instruction(mover, other, rng) for _ in range(80)}
    walked = {walk_instruction(mover, rng) for _ in range(80)}
    assert len(pushed) == len(walked) == 8
    assert all(names[0] in text for text in (*pushed, *walked))


def test_every_kind_of_question_about_a_push_is_answered() -> None:
    made = film(1, "test", verb="slide")
    assert made.other is not None
    things = made.episode.scenes[0].things
    mover, other = (f"{things[index].colour} {things[index].shape}" for index in (made.mover, made.other))
    rng = np.random.default_rng(0)
    answers: dict[str, set[str]] = {}
    for _ in range(120):
        asked = robot_question(made, rng)
        answers.setdefault(asked.kind, set()).add(asked.answer)
    assert answers["moved"] == {mover}
    assert answers["deed"] == {"push"}
    assert answers["where"] == {other}
    assert "yes" in answers["done"]


def test_a_lift_is_told_with_where_the_thing_lies_now() -> None:
    made = film(1, "test", verb="lift")
    assert made.goal is not None
    rng = np.random.default_rng(1)
    told = {asked.kind: asked for asked in (robot_question(made, rng) for _ in range(60))}
    assert told["deed"].answer == "lift"
    words = "in" if made.goal == "in" else GOAL_WORDS[made.goal]
    assert told["where"].answer.startswith(f"{words} the ")
