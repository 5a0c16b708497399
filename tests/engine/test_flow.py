"""The small parts between the threads: mailbox, clocks, One Euro."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from engine.mailbox import Mailbox
from engine.space.one_euro import OneEuro
from engine.timing import Rate, stage

HERTZ = 30


def test_the_mailbox_keeps_the_newest_and_counts_what_it_dropped() -> None:
    box: Mailbox[int] = Mailbox()
    for value in range(5):
        box.put(value)
    assert box.take() == 4
    assert box.take() is None
    assert box.dropped == 4


def test_a_closed_mailbox_refuses_and_gives_what_it_holds() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.close()
    box.put(2)
    box.put(3, wait=True)
    assert (box.take(), box.take(), box.dropped) == (1, None, 0)


def test_a_lossless_put_waits_until_the_last_value_was_taken() -> None:
    box: Mailbox[int] = Mailbox()

    def write() -> None:
        for i in range(20):
            box.put(i, wait=True)

    writer = threading.Thread(target=write)
    writer.start()
    assert [box.take(1.0) for _ in range(20)] == list(range(20))
    writer.join()
    assert box.dropped == 0


def test_closing_the_mailbox_frees_whoever_waits() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    waiting = threading.Thread(target=lambda: box.put(2, wait=True))
    waiting.start()
    box.close()
    waiting.join(timeout=1)
    assert not waiting.is_alive()


def test_rate_and_stage_measure() -> None:
    rate, timings = Rate(), dict[str, float]()
    for _ in range(5):
        rate.tick()
        with stage(timings, "nap"):
            time.sleep(0.01)
    assert 20 < rate() < 110
    assert timings["nap"] >= 50


def follow_path(values: np.ndarray, strength: float, hertz: float = HERTZ) -> np.ndarray:
    smooth, seen = OneEuro(), np.ones(1, bool)
    return np.array(
        [smooth(v[None], seen, i / hertz, strength, 100.0)[0] for i, v in enumerate(values)]
    )


def test_jitter_of_a_still_point_shrinks_and_off_changes_nothing() -> None:
    noisy = np.random.default_rng(1).normal(0, 1, (200, 2)).astype(np.float32)
    assert follow_path(noisy, 0.5)[50:].std() < 0.2 * noisy[50:].std()
    np.testing.assert_array_equal(follow_path(noisy, 0.0), noisy)


@pytest.mark.parametrize("hertz", [15, 60])
def test_fast_motion_does_not_lag_at_any_frame_rate(hertz: int) -> None:
    ramp = np.arange(hertz * 2)[:, None] * np.array([[300.0 / hertz, 0.0]])  # 3 bodies a second
    lag = (ramp - follow_path(ramp, 0.5, hertz))[-1, 0] / 300.0
    assert lag < 0.06  # seconds


@pytest.mark.parametrize("speed", [0.02, 0.1, 0.5, 2.0])  # bodies a second
def test_however_slow_a_motion_is_it_lags_by_a_hundredth_of_a_body(speed: float) -> None:
    way = np.arange(2 * HERTZ)[:, None] * np.array([[100.0 * speed / HERTZ, 0.0]])
    assert (way - follow_path(way, 0.5))[-1, 0] <= 1.05


def test_an_unseen_point_is_left_alone_and_starts_anew_after_a_gap() -> None:
    smooth = OneEuro()
    here, there = np.zeros((1, 2)), np.full((1, 2), 5.0)
    smooth(here, np.array([True]), 0.0, 0.9, 100.0)
    np.testing.assert_array_equal(smooth(there, np.array([False]), 0.1, 0.9, 100.0), there)
    near = smooth(there, np.array([True]), 0.2, 0.9, 100.0)
    assert near[0, 0] < 4.9
    np.testing.assert_array_equal(smooth(here, np.array([True]), 1.0, 0.9, 100.0), here)
