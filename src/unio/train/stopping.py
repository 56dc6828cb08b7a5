"""Stopping a run cleanly: SIGTERM, Ctrl-C or a time limit are heeded at the next step boundary."""

import signal
import threading
import time
from types import FrameType, TracebackType

__all__ = ["StopRequest"]


class StopRequest:
    """Inside ``with``, SIGTERM and the first Ctrl-C are only noted; a second Ctrl-C interrupts at once.

    ``reason`` is None while the run may go on. ``after_minutes`` bounds the time inside.
    """

    def __init__(self, *, after_minutes: float | None = None) -> None:
        self._signal: str | None = None
        self._after_minutes = after_minutes
        self._started = time.monotonic()
        self._before: dict[signal.Signals, object] = {}

    @property
    def reason(self) -> str | None:
        """Why to stop, None if there is no reason."""
        if self._signal is not None:
            return self._signal
        minutes = (time.monotonic() - self._started) / 60
        if self._after_minutes is not None and minutes >= self._after_minutes:
            return f"{self._after_minutes:g} minutes are over"
        return None

    def __enter__(self) -> "StopRequest":
        self._started = time.monotonic()
        if threading.current_thread() is not threading.main_thread():
            return self  # Python lets only the main thread handle signals
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and self._signal is not None:
            raise KeyboardInterrupt
        self._signal = signal.Signals(number).name
