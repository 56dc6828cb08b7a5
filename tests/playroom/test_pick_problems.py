import pytest

from unio.core import InputError
from unio.playroom.grasping import PickPlace, apply_pick_place, thing_at
from unio.playroom.pick_problems import expert_pick, is_done, middle_pixel, pick_problem
from unio.playroom.renderer import render
from unio.playroom.resting import rest


def test_the_expert_solves_its_problems_and_doing_nothing_does_not() -> None:
    for seed in range(3):
        problem = pick_problem(seed, "test")
        after = apply_pick_place(problem.scene, problem.expert, with_contacts=False).scenes[-1]
        assert is_done(problem.scene, after, problem.mover, problem.goal, problem.other)
        assert not is_done(problem.scene, problem.scene, problem.mover, problem.goal, problem.other)
        assert thing_at(problem.scene, problem.expert.pick) == problem.mover


def test_the_expert_can_be_asked_again() -> None:
    problem = pick_problem(1, "test")
    again = expert_pick(problem.scene, problem.mover, problem.goal, problem.other)
    assert isinstance(again, PickPlace)
    assert again == problem.expert


def test_the_middle_pixel_shows_the_thing() -> None:
    problem = pick_problem(2, "novel")
    frame = render(problem.scene, size=48)
    y, x = middle_pixel(frame, problem.mover) or (-1.0, -1.0)
    assert frame.ids[int(y * 48), int(x * 48)] == problem.mover
    assert middle_pixel(frame, 99) is None


def test_a_thing_out_of_sight_is_refused() -> None:
    scene = pick_problem(1, "test").scene
    gone = scene.replace(things=(rest(scene.things[0], (9.0, 9.0), 0.0), *scene.things[1:]))
    with pytest.raises(InputError, match="out of sight"):
        expert_pick(gone, 0, "behind", 1)
