import numpy as np

from unio.data.sources.playroom import PlayroomSource, closed_loop
from unio.data.tasks import task
from unio.media import Prediction
from unio.playroom import expert_push
from unio.playroom.push_problems import MAX_PUSHES
from unio.schema import ModelOutput

SOURCE = PlayroomSource(split="test", size=64)


def test_the_expert_s_push_succeeds_and_a_push_elsewhere_does_not():
    example = SOURCE.example("act", 0, 0)
    assert example.truth["succeeds"](example.truth["action"])
    assert not example.truth["succeeds"](np.array([2.0, 2.0, 3.0, 3.0]))


def test_trials_show_the_scene_of_the_example():
    trial, example = SOURCE.push_trial(0, 0), SOURCE.example("act", 0, 0)
    assert (trial.question().image == example.image).all()
    assert trial.question().prompt.startswith("[Text] [S]")
    assert not trial.done
    assert not trial.success


def test_the_expert_solves_all_trials_together():
    trials = [SOURCE.push_trial(0, index) for index in range(3)]
    asked = []

    def expert(examples):
        asked.append(len(examples))
        answers = []
        for example in examples:
            trial = next(trial for trial in trials if trial.instruction in example.prompt)
            push = expert_push(trial.scene, trial.problem.mover, trial.problem.goal)
            action = np.array([[*push.start, *push.end]]) * trial.size
            answers.append(Prediction(task="act", action=action))
        return answers

    ended = closed_loop(trials, expert)
    assert [trial.success for trial in ended] == [True] * 3
    assert [trial.pushes for trial in ended] == [1, 1, 1]
    assert asked == [3]
    assert len(ended[0].episodes) == 1


def test_one_who_does_nothing_runs_out_of_pushes():
    def idle(examples):
        return [task("act").parse(ModelOutput(text="?"), example) for example in examples]

    (ended,) = closed_loop([SOURCE.push_trial(0, 1)], idle)
    assert (ended.success, ended.pushes, ended.episodes) == (False, MAX_PUSHES, ())
    assert ended.scene == ended.problem.scene


def test_a_push_changes_what_is_seen_next():
    trial = SOURCE.push_trial(0, 2)
    push = expert_push(trial.scene, trial.problem.mover, trial.problem.goal)
    action = np.array([[*push.start, *push.end]]) * trial.size
    moved = trial.after(Prediction(task="act", action=action))
    assert (moved.question().image != trial.question().image).any()
    assert moved.instruction == trial.instruction
