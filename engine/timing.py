"""Clocks: rates of events, and milliseconds a stage. All times are ``time.monotonic`` seconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np

BATCHES = (1, 8)  # pictures at once, in every table of speeds
FEWEST_CALLS = 5  # of a block, however short it is
ALONE = Lock()  # held while a frame is estimated, and while something is timed: never both at once


class Rate:
    """Events a second over the last ``window`` seconds."""

    def __init__(self, window: float = 2.0) -> None:
        self._window = window
        self._times: deque[float] = deque()

    def tick(self) -> None:
        self._times.append(time.monotonic())

    def __call__(self) -> float:
        now = time.monotonic()
        while self._times and now - self._times[0] > self._window:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-9)


@contextmanager
def stage(timings: dict[str, float], name: str) -> Iterator[None]:
    """Add the milliseconds of the block to ``timings[name]``."""
    start = time.perf_counter()
    try:
        yield
    finally:
        timings[name] = timings.get(name, 0.0) + (time.perf_counter() - start) * 1e3


def time_block(call: Callable[[], object], seconds: float) -> np.ndarray:
    """(N,) milliseconds of call after call for ``seconds``, after a fifth of that to warm up.

    Two things that are timed in turn slow each other down (threads that still spin): time each in a
    block of its own.
    """
    _calls(call, seconds / 5, 2)
    return _calls(call, seconds, FEWEST_CALLS)


def _calls(call: Callable[[], object], seconds: float, fewest: int) -> np.ndarray:
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < fewest:
        start = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - start))
    return np.array(times)


def shortest_ms(call: Callable[[], object], seconds: float) -> float:
    """Milliseconds of the quickest call within ``seconds``, at least three calls, after one to warm
    up: what the machine can do, whatever else runs meanwhile.
    """
    with ALONE:
        call()
        return float(_calls(call, seconds, 3).min())


def speed(call: Callable[[], object], batch: int, seconds: float) -> dict[str, float]:
    """What a table says of a block of calls with so many pictures each."""
    milliseconds = time_block(call, seconds)
    return {
        "p50_ms": float(np.percentile(milliseconds, 50)),
        "p95_ms": float(np.percentile(milliseconds, 95)),
        "images_per_second": 1e3 * batch / float(milliseconds.mean()),
    }
