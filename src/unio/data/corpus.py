"""Texts of a mixture's examples, for training a tokenizer."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from unio.data.mixture import Mixture
from unio.data.source import Source
from unio.data.workers import ignore_signals, single_threaded, spawn_context

__all__ = ["TextMaker", "collect_texts"]

CHUNK = 256


@dataclass(frozen=True, kw_only=True)
class TextMaker:
    """Prompt and text target of example number ``index``: a pure function of (seed, index)."""

    source: Source
    mixture: Mixture
    seed: int

    def make(self, index: int) -> list[str]:
        """The prompt, and the target if it is text."""
        example = self.source.example(self.mixture.sample(self.seed, index), self.seed, index)
        return [example.prompt] if example.target_text is None else [example.prompt, example.target_text]


def collect_texts(
    maker: TextMaker, *, count: int, workers: int, report: Callable[[int], None] = lambda _done: None
) -> list[str]:
    """Texts of ``count`` examples, in order, made by ``workers`` processes (0: in this one)."""
    starts = range(0, count, CHUNK)
    texts: list[str] = []
    if workers == 0:
        for start in starts:
            texts += _chunk(maker, start, min(start + CHUNK, count))
            report(min(start + CHUNK, count))
        return texts
    with (
        single_threaded(),
        ProcessPoolExecutor(workers, mp_context=spawn_context(), initializer=ignore_signals) as executor,
    ):
        jobs = [executor.submit(_chunk, maker, start, min(start + CHUNK, count)) for start in starts]
        try:
            for start, job in zip(starts, jobs, strict=True):
                texts += job.result()
                report(min(start + CHUNK, count))
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return texts


def _chunk(maker: TextMaker, start: int, stop: int) -> list[str]:
    return [text for index in range(start, stop) for text in maker.make(index)]
