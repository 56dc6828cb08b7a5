"""The closed loops of walks and of the hand: the expert arrives, others do not."""

from unio.data.sources.playroom import PlayroomSource, closed_loop
from unio.data.sources.playroom.handled import _numbers
from unio.data.tasks import task
from unio.media import Prediction
from unio.playroom.handling import MAX_MOVES, expert_move
from unio.playroom.walking import MAX_STEPS, expert_step
from unio.schema import ModelOutput

SOURCE = PlayroomSource(split="test", size=48)


def test_the_expert_walks_to_the_goal_and_one_who_never_stops_does_not():
    trials = [SOURCE.walk_trial(0, index) for index in range(3)]
    assert trials[0].question().prompt.startswith("[Text] [S] You can go forward, left, right or stop.")
    running = list(trials)
    while not all(trial.done for trial in running):
        running = [
            trial if trial.done else trial.after(Prediction(task="navigate", text=expert_step(trial.walk)))
            for trial in running
        ]
    assert all(trial.success for trial in running)

    def mumble(examples):
        return [task("navigate").parse(ModelOutput(text="hm"), example) for example in examples]

    (lost,) = closed_loop(trials[:1], mumble)
    assert (lost.success, lost.walk.steps) == (False, MAX_STEPS)
    assert lost.walk.place == trials[0].walk.place
    assert len(lost.question().image_history) == 3


def test_the_first_view_of_a_trial_is_of_its_example_s_walk():
    trial, example = SOURCE.walk_trial(0, 4), SOURCE.example("navigate", 0, 4)
    goal = trial.instruction.split()[-1]
    assert goal in example.prompt or goal == "stop"


def test_the_hand_s_expert_succeeds_and_one_who_says_nothing_runs_out_of_moves():
    trial = SOURCE.hand_trial(0, 0)
    expert = trial
    while not expert.done:
        action = _numbers(expert_move(expert.handling))[None]
        expert = expert.after(Prediction(task="manipulate", action=action))
    assert expert.success

    def idle(examples):
        return [task("manipulate").parse(ModelOutput(text="?"), example) for example in examples]

    (ended,) = closed_loop([trial], idle)
    assert (ended.success, ended.handling.moves) == (False, MAX_MOVES)
    assert len(ended.question().image_history) == 2
