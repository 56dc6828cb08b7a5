from collections import Counter

import numpy as np
import pytest

from unio.playroom.language import QUESTION_KINDS, question
from unio.playroom.language import questions as questions_file


def asked(told, kind, *, times=6):
    rng = np.random.default_rng(QUESTION_KINDS.index(kind))
    pairs = [(one, question(one.sight, rng, kind=kind)) for one in told for _ in range(times)]
    return [(one, q) for one, q in pairs if q is not None]


def test_counts_are_right(told, reader):
    for one, q in asked(told, "count"):
        assert int(q.answer) == len(one.matching(reader.attributes(q.text))), q


@pytest.mark.parametrize("attribute", ["colour", "shape", "material", "size"])
def test_attributes_are_those_of_the_one_thing_meant(told, reader, attribute):
    found = asked(told, attribute)
    assert len(found) > 100
    for one, q in found:
        (phrase,) = reader.noun_phrases(q.text)
        assert getattr(one.scene.things[one.only(phrase)], attribute) == q.answer, q
        assert attribute not in reader.attributes(phrase), q


def test_existence_is_true_and_balanced(told, reader):
    found = asked(told, "existence")
    for one, q in found:
        phrase = reader.noun_phrases(q.text.replace("any thing", ""))[-1]
        assert bool(one.matching(reader.attributes(phrase))) is (q.answer == "yes"), q
    share = np.mean([q.answer == "yes" for _, q in found])
    assert 0.35 < share < 0.65


def test_relations_are_true_and_balanced(told, reader):
    words = {"left": "left of", "right": "right of", "front": "in front of", "behind": "behind"}
    found = asked(told, "relation")
    assert len(found) > 80
    for one, q in found:
        phrases = reader.noun_phrases(q.text)
        first, second = (one.only(phrase) for phrase in phrases)
        if q.answer in words:
            if q.text.startswith("On which side of"):
                first, second = second, first
            assert one.is_true(first, words[q.answer], second), q
        else:
            (relation,) = [relation for relation in words.values() if relation in q.text]
            assert one.is_true(first, relation, second) is (q.answer == "yes"), q
    answers = Counter(q.answer for _, q in found)
    assert 0.5 < answers["yes"] / answers["no"] < 2


def test_every_kind_has_eight_phrasings_and_short_answers(told):
    lists = (questions_file._COUNT, questions_file._EXISTENCE, questions_file._RELATION)
    assert all(len(set(phrasings)) >= 8 for phrasings in (*lists, *questions_file._ATTRIBUTE.values()))
    rng = np.random.default_rng(5)
    free = [question(one.sight, rng) for one in told for _ in range(12)]
    assert {q.kind for q in free} == set(QUESTION_KINDS)
    assert all(len(q.answer.split()) == 1 for q in free)


def test_no_relation_is_asked_of_a_single_thing(told):
    alone = next(one for one in told if len(one.sight) == 1)
    assert question(alone.sight, np.random.default_rng(0), kind="relation") is None
