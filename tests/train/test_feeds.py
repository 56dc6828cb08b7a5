import tiny

from unio.data import BatchMaker, LoaderConfig
from unio.train.feeds import LoaderFeed, StepFeed, StridedMaker
from unio.train.processes import Processes


def test_a_loader_feeds_so_many_batches_a_step(maker: BatchMaker) -> None:
    feed = LoaderFeed(maker, config=LoaderConfig(workers=0), accumulate=2, report=print)
    with feed.open(3, None) as inputs:
        batches = next(inputs)
    expected = [maker.make(6).batch, maker.make(7).batch]
    for batch, other in zip(batches, expected, strict=True):
        assert (batch.streams["text"].values == other.streams["text"].values).all()  # type: ignore[index]
    assert feed.state() is None


def test_each_process_gets_its_own_batches_of_the_step(maker: BatchMaker) -> None:
    texts = []
    for rank in range(2):
        feed = LoaderFeed(
            maker,
            config=LoaderConfig(workers=0),
            accumulate=4,
            report=print,
            processes=Processes(rank=rank, size=2),
        )
        with feed.open(1, None) as inputs:
            texts.append([batch.streams["text"].values.tolist() for batch in next(inputs)])  # type: ignore[index]
    numbers = [[4, 6], [5, 7]]
    for held, expected in zip(texts, numbers, strict=True):
        assert held == [maker.make(step).batch.streams["text"].values.tolist() for step in expected]  # type: ignore[index]


def test_a_strided_maker_makes_every_second() -> None:
    maker = tiny.patchy_maker()
    assert StridedMaker(maker, 1, 2).make(3).batch.tasks == maker.make(7).batch.tasks


def test_a_step_feed_passes_the_step_on() -> None:
    from contextlib import nullcontext

    with StepFeed(lambda start: nullcontext(iter([start]))).open(5, None) as inputs:
        assert list(inputs) == [5]
