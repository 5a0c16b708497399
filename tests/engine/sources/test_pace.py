"""The clock of a file, on a clock that the test turns."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.sources import pace
from engine.sources.pace import PASSED_OVER, Pace

STEP = 1 / 30


class Clock:
    """Stands still but for who sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "time", clock)
    return clock


def test_who_is_slower_than_the_media_still_gets_pictures(clock: Clock) -> None:
    played = Pace(realtime=True, step=STEP)
    shown = []
    for i in range(300):
        clock.sleep(1.15 * STEP)  # decoding
        if (due := played.due(i * STEP)) is not None:
            shown.append(due)
            assert clock.now - due <= 2 * STEP
    assert len(shown) >= 300 // (PASSED_OVER + 1)
    assert all(a < b for a, b in pairwise(shown))


def test_after_one_halt_the_clock_is_kept(clock: Clock) -> None:
    played = Pace(realtime=True, step=STEP)
    first = played.due(0.0)
    clock.sleep(4.5 * STEP)
    assert [i for i in range(1, 10) if played.due(i * STEP)] == [4, 5, 6, 7, 8, 9]
    assert first == pytest.approx(clock.now - 9 * STEP)


def test_times_rise_where_the_media_starts_again(clock: Clock) -> None:
    read = Pace(realtime=False, step=STEP)
    times = [read.due(media_time) for media_time in (60.0, 60.1, 1.0, 1.1, 1.1)]
    steps = [b - a for a, b in pairwise(times) if a and b]
    assert steps == pytest.approx([0.1, STEP, 0.1, STEP])
