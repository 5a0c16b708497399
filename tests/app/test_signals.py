"""Signals end a command as a shell counts them, once, and only while it runs; how it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.signals import ENDING, Ended, ending_signals

ROOT = Path(__file__).parents[2]


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


def test_a_signal_that_is_raised_where_nobody_hears_it_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dropped = list[type[BaseException]]()
    monkeypatch.setattr(sys, "unraisablehook", lambda one: dropped.append(one.exc_type))

    class Deaf:
        def __del__(self) -> None:  # Python drops what is raised here
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)

    def work() -> None:
        with ending_signals():
            Deaf()
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)

    with pytest.raises(Ended):
        work()
    assert dropped == [Ended]


def test_a_thread_that_is_still_in_a_driver_does_not_make_the_end_a_crash() -> None:
    code = """
import threading, cv2, numpy as np
from app.signals import leave
picture = cv2.imencode(".png", np.zeros((480, 640), np.uint8))[1]
def read():
    while True:
        cv2.imdecode(picture, 0)
threading.Thread(target=read, daemon=True).start()
print("said")
leave(3)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (answer.returncode, answer.stdout) == (3, "said\n")


def test_a_thread_that_still_writes_is_waited_for() -> None:
    code = """
import threading, time
from app.signals import leave
def write():
    time.sleep(0.2)
    print("written", end="")
threading.Thread(target=write).start()
leave(0)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (answer.returncode, answer.stdout) == (0, "written")
