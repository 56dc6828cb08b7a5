import numpy as np

from unio.playroom.language import referring
from unio.playroom.language.referring import refer

PLACES = {
    "left of": ("leftmost", "furthest to the left"),
    "right of": ("rightmost", "furthest to the right"),
    "in front of": ("nearest", "closest to the camera"),
    "behind": ("farthest", "furthest from the camera"),
}
BESIDE = {
    "left of": ("left of", "left side of"),
    "right of": ("right of", "right side of"),
    "in front of": ("in front of", "nearer than", "before"),
    "behind": ("behind", "farther away than", "at the back of"),
}


def meant(one, text, reader):
    """All things that an expression may mean, read without any margin."""
    phrases = reader.noun_phrases(text)
    candidates = one.matching(reader.attributes(phrases[0]))
    for relation, words in PLACES.items():
        if any(word in text for word in words):
            return [i for i in candidates if all(one.is_true(i, relation, j) for j in candidates if j != i)]
    for relation, words in BESIDE.items():
        if len(phrases) == 2 and any(word in text for word in words):
            anchor = one.only(phrases[1])
            return [i for i in candidates if i != anchor and one.is_true(i, relation, anchor)]
    return candidates


def test_an_expression_means_exactly_its_thing(told, reader):
    rng = np.random.default_rng(0)
    texts = []
    for one in told:
        for _ in range(12):
            reference = referring(one.sight, rng)
            assert meant(one, reference.text, reader) == [reference.index], reference
            texts.append(reference.text)
    assert len(set(texts)) > 150


def test_all_ways_of_referring_are_used(told, reader):
    rng = np.random.default_rng(1)
    texts = [referring(one.sight, rng).text for one in told if len(one.sight) > 2 for _ in range(20)]
    beside = np.mean([len(reader.noun_phrases(text)) == 2 for text in texts])
    placed = np.mean([any(word in text for words in PLACES.values() for word in words) for text in texts])
    assert beside > 0.08
    assert placed > 0.04
    assert beside + placed < 0.5


def test_everything_with_a_name_can_be_referred_to(told):
    rng = np.random.default_rng(2)
    for one in told:
        for seen in one.sight.seen:
            reference = refer(one.sight, seen, rng)
            assert reference is None or reference.index == seen.index
