"""How a command ends: its exit codes, and the signals that end it once what runs is finished.

Ctrl-C is 130, a termination 143, a closed terminal 129, as shells count them.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

MISSING, BAD_INPUT = 1, 2  # exit codes: something a user needs is not there; bad input
ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Ended(BaseException):
    """A signal asked the program to end; ``code`` is its exit code. It is no KeyboardInterrupt,
    because Click catches that.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = exit_code(number)


def exit_code(number: int) -> int:
    """What a shell calls a program that a signal ended."""
    return 128 + number


def leave(code: int) -> NoReturn:
    """End the process when its threads have ended, but without unloading what they ran: a thread
    that is still in a driver, as of a camera that hangs, or one of a runtime's own, would make
    that a crash.
    """
    atexit.register(_vanish, code)
    sys.exit(code)


def _vanish(code: int) -> NoReturn:
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def ending_signals() -> Iterator[None]:
    """Within it the first signal of ENDING raises `Ended`; later ones are ignored, so that nothing
    interrupts the finishing of a take. One that went unheard, as in a callback where Python drops
    what is raised, does not count.
    """
    raised: list[weakref.ref[Ended]] = []

    def ended(number: int) -> Ended:
        one = Ended(number)
        raised.append(weakref.ref(one))
        return one

    def end(number: int, frame: FrameType | None) -> None:
        if not any(one() for one in raised):
            raise ended(number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
