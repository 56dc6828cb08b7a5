import numpy as np

from unio.data.packing import choose_row, slack


def test_a_greedy_choice_is_mended_where_two_others_fill_the_row() -> None:
    sizes = np.array([[6.0], [3.0], [2.0], [2.0]])
    sizes = np.pad(sizes, ((0, 0), (0, 4)))
    budgets = np.array([10.0, np.inf, np.inf, np.inf, np.inf])
    assert choose_row(sizes, budgets) == [0, 2, 3]


def test_a_chosen_example_is_put_back_for_others_that_fill_the_row() -> None:
    """One by one takes 5 + 7 + 6 of 20; with 7 put back, 5 + 6 + 4 + 5 fill it."""
    sizes = np.zeros((6, 5))
    sizes[:, 0] = [5, 4, 7, 5, 5, 6]
    assert choose_row(sizes, np.array([20.0, np.inf, np.inf, np.inf, np.inf])) == [0, 5, 1, 3]


def test_examples_of_many_lengths_fill_both_budgets() -> None:
    rng = np.random.default_rng(5)
    budgets = np.array([400.0, 300.0, np.inf, np.inf, np.inf])
    waiting = np.zeros((0, 5))
    unused = []
    for _ in range(40):
        fresh = rng.lognormal(3, 0.8, size=(64 - len(waiting), 5)).clip(2, 200) * [1, 0.75, 0, 0, 0]
        waiting = np.concatenate([waiting, fresh.round()])
        chosen = choose_row(waiting, budgets)
        unused.append(slack(waiting[chosen], budgets)[:2])
        waiting = np.delete(waiting, chosen, axis=0)
    assert np.mean(unused) < 0.02


def test_the_oldest_is_always_chosen() -> None:
    sizes = np.array([[1.0, 1, 0, 0, 0], [9.5, 9.5, 0, 0, 0], [9.0, 9.0, 0, 0, 0]])
    assert choose_row(sizes, np.array([10.0, 10, np.inf, np.inf, np.inf])) == [0, 2]


def test_both_budgets_and_the_caps_are_kept() -> None:
    rng = np.random.default_rng(3)
    budgets = np.array([40.0, 30.0, 3.0, 2.0, 900.0])
    for _ in range(30):
        sizes = rng.integers(1, 15, size=(12, 5)) * np.array([1, 1, 0.1, 0.1, 10])
        chosen = choose_row(sizes, budgets)
        assert chosen[0] == 0
        assert len(set(chosen)) == len(chosen)
        assert (sizes[chosen].sum(axis=0) <= budgets + 1e-6).all()


def test_slack_is_the_unused_share() -> None:
    sizes = np.array([[2.0, 1, 0, 0, 0], [3.0, 1, 0, 0, 0]])
    unused = slack(sizes, np.array([10.0, 2, np.inf, np.inf, np.inf]))
    np.testing.assert_allclose(unused, [0.5, 0, 0, 0, 0])


def test_work_counts_more_than_places() -> None:
    """The second takes 6 + 6 places and little work, the third 4 + 4 and all the work that is left."""
    sizes = np.array([[4.0, 4, 0, 0, 4], [6.0, 6, 0, 0, 3], [4.0, 4, 0, 0, 6]])
    assert choose_row(sizes, np.array([10.0, 10, np.inf, np.inf, 10])) == [0, 2]
    assert choose_row(sizes, np.array([10.0, 10, np.inf, np.inf, np.inf])) == [0, 1]
