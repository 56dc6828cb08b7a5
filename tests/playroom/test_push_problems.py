import pytest

from unio.core import InputError
from unio.playroom.push_problems import MAX_PUSHES, PushProblem, expert_push, push_problem
from unio.playroom.pushing import apply_push, gap_between, push_succeeded
from unio.playroom.things import is_novel

PROBLEMS = [push_problem(seed, "test") for seed in range(20)]


def solves(problem: PushProblem) -> bool:
    scene = problem.scene
    for _ in range(MAX_PUSHES):
        scene = apply_push(scene, expert_push(scene, problem.mover, problem.goal)).scenes[-1]
        if push_succeeded(problem.scene, scene, problem.mover, problem.goal):
            return True
    return False


def test_the_expert_solves_at_least_19_of_20() -> None:
    assert sum(map(solves, PROBLEMS)) >= 19


def test_names_are_unique_and_the_two_start_apart() -> None:
    for problem in PROBLEMS:
        things = problem.scene.things
        assert len({(thing.colour, thing.shape) for thing in things}) == len(things) >= 2
        assert problem.mover != problem.goal
        assert gap_between(problem.scene, problem.mover, problem.goal) > 0.05
        assert not any(is_novel(thing.colour, thing.shape, thing.material) for thing in things)


def test_pushes_lie_inside_the_picture() -> None:
    for problem in PROBLEMS:
        push = expert_push(problem.scene, problem.mover, problem.goal)
        assert all(0 < value < 1 for value in (*push.start, *push.end))


def test_problem_is_a_pure_function() -> None:
    assert push_problem(3, "test") == PROBLEMS[3]
    assert push_problem(3, "novel") != PROBLEMS[3]


def test_a_thing_cannot_be_pushed_to_itself() -> None:
    with pytest.raises(InputError, match="a thing cannot be pushed to itself"):
        expert_push(PROBLEMS[0].scene, 0, 0)
