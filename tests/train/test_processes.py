import pytest
import torch

from unio.core import ConfigError, InputError
from unio.train.processes import SOLO, Processes, joined_processes


def test_one_process_answers_at_once() -> None:
    with joined_processes(SOLO, device=torch.device("cpu")):
        assert SOLO.sum([1.0, 2.0]) == [1.0, 2.0]
        assert SOLO.gather({"a": 1}) == [{"a": 1}]
        assert SOLO.together(lambda: 3) == 3
        SOLO.wait()
        assert SOLO.is_first


def test_a_rank_beyond_the_size_is_refused() -> None:
    with pytest.raises(ConfigError, match="bad rank: got 2 of 2; expected 0 <= rank < size"):
        Processes(rank=2, size=2)


def test_what_fails_in_a_process_on_its_own_is_raised_as_it_is() -> None:
    def fail() -> None:
        raise InputError("no such picture")

    with pytest.raises(InputError, match="no such picture"):
        SOLO.together(fail)
