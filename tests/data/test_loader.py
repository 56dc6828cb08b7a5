import os
import signal
from itertools import islice

import numpy as np
import pytest
from synthetic import GEOMETRY, LetterTokenizer, SyntheticSource

from unio.core import InputError, UnioError
from unio.data.batches import BatchMaker, Group
from unio.data.loader import Loader, LoaderConfig
from unio.data.mixture import Mixture
from unio.schema import Batch, TargetModality


def maker(broken_of_100: int = 0, task: str = "name") -> BatchMaker:
    return BatchMaker(
        source=SyntheticSource(broken_of_100),
        tokenizer=LetterTokenizer(),
        geometry=GEOMETRY,
        groups={TargetModality.TEXT: Group(mixture=Mixture(weights={task: 1}), count=2)},
        seed=1,
    )


def texts(batches: list[Batch[np.ndarray]]) -> list[list[list[int]]]:
    return [batch.targets[TargetModality.TEXT].ids.tolist() for batch in batches]  # type: ignore[union-attr]


def take(count: int, *, workers: int, start_step: int = 0, ahead: int = 2) -> list[list[list[int]]]:
    with Loader(maker(), config=LoaderConfig(workers=workers, ahead=ahead), start_step=start_step) as loader:
        return texts(list(islice(loader, count)))


def test_the_number_of_workers_changes_nothing() -> None:
    alone = take(7, workers=0)
    assert take(7, workers=2) == alone
    assert take(3, workers=1, start_step=4) == alone[4:]


def test_iterating_again_goes_on() -> None:
    loader = Loader(maker(), config=LoaderConfig(workers=0))
    assert texts(list(islice(loader, 2))) + texts(list(islice(loader, 2))) == take(4, workers=0)


def test_closing_ends_the_workers() -> None:
    loader = Loader(maker(), config=LoaderConfig(workers=1, ahead=1))
    next(iter(loader))
    process = loader._lanes[0].process
    loader.close()
    assert not process.is_alive()


def test_a_dead_worker_is_told() -> None:
    with Loader(maker(), config=LoaderConfig(workers=1, ahead=1)) as loader:
        batches = iter(loader)
        next(batches)
        os.kill(loader._lanes[0].process.pid or 0, signal.SIGKILL)
        with pytest.raises(UnioError, match="a data worker died: got exit code -9"):
            list(islice(batches, 9))


def test_a_workers_error_comes_back_with_its_source() -> None:
    with (
        Loader(maker(broken_of_100=100), config=LoaderConfig(workers=1)) as loader,
        pytest.raises(InputError, match="no such picture") as caught,
    ):
        next(iter(loader))
    assert "in a data worker" in str(caught.value.__cause__)
    assert "batches.py" in str(caught.value.__cause__)


def test_broken_examples_are_told_and_then_stop_the_run() -> None:
    told: list[str] = []
    loader = Loader(
        maker(broken_of_100=10), config=LoaderConfig(workers=0, max_broken_share=0.05), report=told.append
    )
    with pytest.raises(InputError, match=r"too many broken examples: got 2 of 2.*at most 0.05.*repair"):
        list(islice(loader, 50))
    assert told[0].startswith("example 0 of task 'name' (seed 1) is broken")


def test_a_few_broken_examples_do_not_stop_the_run() -> None:
    told: list[str] = []
    config = LoaderConfig(workers=0, max_broken_share=0.05)
    loader = Loader(maker(broken_of_100=1), config=config, report=told.append)
    assert len(list(islice(loader, 101))) == 101
    assert len(told) == 3


class AwkwardError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def test_an_error_that_cannot_travel_is_told_all_the_same() -> None:
    from unio.data.loader import _portable

    error = _portable(AwkwardError("a", "b"))
    assert isinstance(error, RuntimeError)
    assert "AwkwardError('ab')" in str(error)


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no niceness on this system")
def test_workers_step_back_as_far_as_asked() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    wanted = min(own + 7, 19)
    with Loader(maker(), config=LoaderConfig(workers=1, ahead=1, niceness=7)) as loader:
        next(iter(loader))
        assert os.getpriority(os.PRIO_PROCESS, loader._lanes[0].process.pid or 0) == wanted
