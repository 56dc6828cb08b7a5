import numpy as np

from unio.playroom.language.sentences import SPOKEN_SLOTS, VERBS_SPOKEN, spoken_sentence
from unio.playroom.scene import Split
from unio.playroom.things import COLOURS, MATERIALS, SIZES, is_novel


def held_out(sentence: str) -> bool:
    words = sentence.split()
    material = next((word for word in words if word in MATERIALS), None)
    colour = next(word for word in words if word in COLOURS)
    return material is not None and is_novel(colour, words[-1], material)  # type: ignore[arg-type]


def test_splits_hold_out_combinations() -> None:
    rng = np.random.default_rng(0)
    splits: tuple[Split, ...] = ("train", "test", "novel")
    for split in splits:
        sentences = [spoken_sentence(split, rng) for _ in range(300)]
        assert {held_out(sentence) for sentence in sentences} == {split == "novel"}


def test_sentences_are_one_choice_of_each_slot() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        words = spoken_sentence("train", rng).split()
        begins = words[0] in SIZES or (words[0] in VERBS_SPOKEN and words[1] == "the")
        assert begins
        assert words[-1] in SPOKEN_SLOTS[3]
        assert words[0] not in SIZES or any(word in MATERIALS for word in words)
