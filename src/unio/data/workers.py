"""Spawned worker processes: started with one thread each, deaf to Ctrl-C, gone when their parent is."""

import multiprocessing
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext

__all__ = ["ignore_signals", "parent_is_alive", "single_threaded", "spawn_context"]

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def spawn_context() -> SpawnContext:
    """Fresh interpreters: forking a process that holds torch's threads can deadlock."""
    return multiprocessing.get_context("spawn")


@contextmanager
def single_threaded() -> Generator[None]:
    """Processes started inside use one thread for linear algebra.

    The libraries read these variables when they are loaded, which in a spawned child is before any
    of our code runs: only the inherited environment can tell them.
    """
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def ignore_signals() -> None:
    """Leave SIGINT and SIGTERM, which reach the whole process group, to the parent: it saves first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def parent_is_alive() -> bool:
    """Whether the process that started this worker still runs."""
    parent = multiprocessing.parent_process()
    return parent is not None and parent.is_alive()
