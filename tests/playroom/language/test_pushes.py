import numpy as np

from unio.playroom.language import push_instruction
from unio.playroom.language.pushes import _PHRASES


def test_mover_and_goal_are_named_in_that_order(told, reader):
    rng = np.random.default_rng(0)
    made = 0
    for one in told:
        for mover in one.seen:
            for goal in one.seen:
                text = push_instruction(one.sight, mover, goal, rng) if mover != goal else None
                if text is not None:
                    made += 1
                    phrases = [one.only(phrase) for phrase in reader.noun_phrases(text)]
                    assert phrases == [mover, goal], text
    assert made > 100


def test_what_is_not_in_view_is_not_told(told):
    one = told[0]
    assert push_instruction(one.sight, 99, one.seen[0], np.random.default_rng(0)) is None


def test_there_are_eight_phrasings():
    assert len(set(_PHRASES)) >= 8
