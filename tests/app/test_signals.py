"""Signals end a command as a shell counts them, once, and only while it runs."""

from __future__ import annotations

import os
import signal
import time

import pytest

from app.signals import ENDING, Ended, ending_signals


@pytest.mark.parametrize(("number", "code"), [(n, 128 + n) for n in ENDING])
def test_the_first_signal_ends_and_the_next_is_not_heard(number: signal.Signals, code: int) -> None:
    before = [signal.getsignal(other) for other in ENDING]
    finished = []

    def work() -> None:
        with ending_signals():
            try:
                os.kill(os.getpid(), number)
                time.sleep(10)
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                finished.append(True)

    with pytest.raises(Ended) as ended:
        work()
    assert (ended.value.code, finished) == (code, [True])
    assert [signal.getsignal(other) for other in ENDING] == before
