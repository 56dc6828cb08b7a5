import pytest
import tiny

from unio.core import CheckpointError, ConfigError
from unio.data import LoaderConfig
from unio.train.packed_feed import PackedFeed
from unio.train.processes import Processes


def feed(*, streams: int = 1, rank: int = 0, size: int = 1, workers: int = 0) -> PackedFeed:
    return PackedFeed(
        tiny.tiny_packer(streams=streams),
        config=LoaderConfig(workers=workers),
        accumulate=2,
        report=print,
        processes=Processes(rank=rank, size=size, local_rank=rank),
    )


def test_the_state_is_that_behind_the_last_step_taken() -> None:
    whole = feed()
    with whole.open(0, None) as inputs:
        first = next(inputs)
        state = whole.state()
        second = next(inputs)
    assert len(first) == 2
    with feed().open(1, state) as inputs:
        again = next(inputs)
    assert [one.tasks for one in again] == [one.tasks for one in second]


def test_processes_share_the_batches_of_a_step() -> None:
    with feed().open(0, None) as inputs:
        expected = [one.tasks for one in next(inputs)]
    for rank in (0, 1):
        one = feed(rank=rank, size=2)
        with one.open(0, None) as inputs:
            assert [batch.tasks for batch in next(inputs)] == [expected[rank]]
        state = one.state()
        assert state is not None
        assert set(state["packing"]) == {str(rank)}


def test_streams_that_cannot_be_shared_out_are_told() -> None:
    with pytest.raises(ConfigError, match=r"shared out: got 2 streams .*, 2 processes of 2 workers") as told:
        feed(size=2, workers=2)
    assert "fix: packing.streams=4" in str(told.value)


def test_a_checkpoint_that_was_not_packed_is_told() -> None:
    with (
        pytest.raises(CheckpointError, match="not packed like this: got 0 packing streams in it; expected 2"),
        feed().open(3, None),
    ):
        pass


def test_a_checkpoint_of_other_streams_is_told() -> None:
    other = feed(streams=2)
    with other.open(0, None) as inputs:
        next(inputs)
    with pytest.raises(CheckpointError, match="got 4 packing streams in it"), feed().open(1, other.state()):
        pass
