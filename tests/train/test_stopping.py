import os
import signal
import threading

import pytest

from unio.train.stopping import StopRequest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_noted_and_the_old_handler_put_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopRequest() as stop:
        assert stop.reason is None
        os.kill(os.getpid(), number)
        assert stop.reason == number.name
    assert signal.getsignal(number) is before


def test_a_second_ctrl_c_interrupts() -> None:
    with StopRequest() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.reason == "SIGINT"
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_time_may_be_over() -> None:
    with StopRequest(after_minutes=1e-9) as stop:
        assert stop.reason == "1e-09 minutes are over"
    with StopRequest(after_minutes=5) as stop:
        assert stop.reason is None


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    reasons: list[str | None] = []

    def run() -> None:
        with StopRequest() as stop:
            reasons.append(stop.reason)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert reasons == [None]
