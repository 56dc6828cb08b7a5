import numpy as np
import pytest

from unio.data.sources.playroom.word_rows import IMPOSSIBLE, distances, fit_rows, shifted


def test_rows_follow_what_is_heard_of_each_word():
    """Two words of one letter, hence two states each, in both orders and at different speeds."""
    sounds = {"a": ([0.0, 1.0]), "b": ([5.0, 9.0])}

    def hear(words, frames):
        return np.repeat([[value] for word in words for value in sounds[word]], frames, axis=0)

    sentences = [("a", "b"), ("b", "a"), ("a", "a"), ("b", "b")]
    rows = fit_rows(sentences, [hear(words, 3 + place) for place, words in enumerate(sentences)])
    assert rows["a"][:, 0] == pytest.approx([0.0, 1.0], abs=0.01)
    assert rows["b"][:, 0] == pytest.approx([5.0, 9.0], abs=0.01)


def test_alignment_finds_words_of_unlike_length():
    first = np.array([[0.0]] * 12 + [[1.0]] * 2 + [[5.0]] * 2 + [[9.0]] * 2)
    second = np.array([[5.0]] * 4 + [[9.0]] * 4 + [[0.0]] * 3 + [[1.0]] * 9)
    rows = fit_rows([("a", "b"), ("b", "a")], [first, second])
    assert rows["b"][-1, 0] == pytest.approx(9.0, abs=0.7)


def test_distances_are_squared():
    found = distances(np.array([[0.0, 3.0], [1.0, 1.0]]), np.array([[4.0, 0.0]]))
    assert found.tolist() == [[25.0], [10.0]]


def test_nothing_comes_before_the_first_state():
    assert shifted(np.array([[1.0, 2.0, 3.0]])).tolist() == [[IMPOSSIBLE, 1.0, 2.0]]
