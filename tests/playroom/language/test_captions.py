import re
from collections import Counter

import numpy as np

from unio.playroom.language import caption, description
from unio.playroom.language.captions import _CAPTIONS


def named(text, reader):
    """Counter of the attribute sets that a text names with an article or a number."""
    things = Counter()
    for match in reader.noun.finditer(text):
        word = text[: match.start()].split()[-1].lower()
        if word in reader.numbers and "thing" not in match.group():
            things[frozenset(reader.attributes(match.group()).items())] += reader.numbers[word]
    return things


def in_view(told, attributes):
    names = [name for name, _ in next(iter(attributes))]
    return Counter(
        frozenset((name, getattr(told.scene.things[index], name)) for name in names) for index in told.seen
    )


def test_captions_name_all_that_is_in_view_and_nothing_else(told, reader):
    rng = np.random.default_rng(0)
    for one in told:
        for _ in range(8):
            told_sentence = caption(one.sight, rng).split(". ")[0]
            things = named(told_sentence, reader)
            assert things == in_view(one, things), told_sentence


def test_relations_in_captions_hold(told, reader):
    rng = np.random.default_rng(1)
    checked = 0
    for one in told:
        for _ in range(12):
            _, _, relation_sentence = caption(one.sight, rng).partition(". ")
            if relation_sentence:
                first, second = reader.noun_phrases(relation_sentence)
                relation = relation_sentence.split(" is ")[1].split(" the ")[0]
                assert one.is_true(one.only(first), relation, one.only(second)), relation_sentence
                checked += 1
    assert checked > 20


def test_descriptions_name_all_and_their_relations_hold(told, reader):
    rng = np.random.default_rng(2)
    relations = 0
    for one in told:
        for _ in range(8):
            text = description(one.sight, rng)
            things = named(text, reader)
            assert things == in_view(one, things), text
            for relation in ("left of", "right of", "in front of", "behind"):
                first, found, second = text.partition(f" {relation} ")
                if found:
                    matches = [
                        (i, j)
                        for i in one.matching(reader.attributes(first))
                        for j in one.matching(reader.attributes(second))
                        if i != j
                    ]
                    assert any(one.is_true(i, relation, j) for i, j in matches), text
                    relations += 1
    assert relations > 5


def test_descriptions_place_things_where_they_are_drawn(told, reader):
    """Measured on the mask of the thing, whose middle lies near its own middle in space."""
    rng = np.random.default_rng(4)
    rows, columns = {"top": 0.17, "bottom": 0.83}, {"left": 0.17, "right": 0.83}
    checked = 0
    for one in told:
        for _ in range(8):
            text = description(one.sight, rng)
            for part in re.split(r", | and ", text):
                place = re.search(r"(?:at the|on the|in the) (top|bottom)? ?(left|right|middle)?$", part)
                if place is None:
                    continue
                row, column = rows.get(place[1], 0.5), columns.get(place[2], 0.5)
                middles = [
                    np.argwhere(one.frame.ids == index).mean(axis=0) / one.frame.ids.shape
                    for index in one.matching(reader.attributes(part))
                ]
                assert any(np.abs(middle - (row, column)).max() < 0.25 for middle in middles), text
                checked += 1
    assert checked > 60


def test_the_verb_agrees_and_phrasings_vary(told):
    rng = np.random.default_rng(3)
    texts = [caption(one.sight, rng) for one in told for _ in range(8)]
    assert not [text for text in texts if "is two" in text or "are a " in text]
    assert len(_CAPTIONS) >= 8
    assert len({text.split(" a ")[0].split(" an ")[0] for text in texts}) > 8
