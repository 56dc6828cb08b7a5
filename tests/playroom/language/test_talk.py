import re

import numpy as np
import pytest

from unio.playroom import render, sample_scene
from unio.playroom.language import Question, Sight
from unio.playroom.language.talk import (
    answer_sentence,
    drawing_wish,
    edit_wish,
    picture_talk,
    sound_talk,
    sound_wish,
)


def sight(seed, split="train"):
    scene = sample_scene(seed, split)
    return Sight.of(scene, render(scene, size=64))


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("count", "2", "two"),
        ("count", "0", "none"),
        ("count", "1", "one"),
        ("colour", "red", "(?i)red"),
        ("material", "wood", "(?i)wood"),
        ("shape", "oval", "an oval"),
        ("existence", "yes", "^Yes"),
        ("relation", "no", "^No"),
        ("relation", "behind", "^Behind it"),
    ],
)
def test_an_answer_becomes_a_sentence(kind, answer, words):
    asked = Question(kind=kind, text="?", answer=answer)
    for seed in range(6):
        said = answer_sentence(asked, np.random.default_rng(seed))
        assert re.search(words, said)
        assert said[0].isupper()
        assert said.endswith(".")


def test_every_answer_to_a_picture_is_true():
    tours = accounts = turns = 0
    for seed in range(60):
        seen = sight(seed)
        talk = picture_talk(seen, np.random.default_rng(seed))
        assert talk is not None
        assert talk.prompt.count("<image_input>") == 1
        if talk.answer.startswith("From left to right"):
            names = re.findall(r"\b(\w+) (\w+)(?:,| and|\.)", talk.answer)
            assert names == [(one.thing.colour, one.thing.shape) for one in seen.seen]
            tours += 1
        elif "That makes" in talk.answer:
            assert re.search(rf"That makes {len(seen)} thing", talk.answer)
            accounts += 1
        turns += talk.prompt.count("?") >= 2
    assert min(tours, accounts, turns) >= 5


def test_wishes_carry_what_is_wished_for():
    rng = np.random.default_rng(0)
    assert "a red ball" in drawing_wish("a red ball", rng)
    wish = edit_wish("make the red ball blue.", rng)
    assert "Make the red ball blue" in wish
    assert "<image_input>" in wish
    assert "a metal ball drops" in sound_wish("a metal ball drops", rng)
    assert sound_talk("A drop.", rng).prompt.count("<audio_input>") == 1
