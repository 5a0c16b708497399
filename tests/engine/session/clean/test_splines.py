"""Smoothing with hindsight: the filter it says it is, without lag, at uneven times, over gaps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import make_smoothing_spline

from engine.session.clean.splines import smoothed

RNG = np.random.default_rng(0)
TIMES = np.cumsum(RNG.uniform(0.02, 0.05, 300))  # a webcam's
EVERY = np.ones(300, bool)


def wave(frequency: float, times: np.ndarray = TIMES) -> np.ndarray:
    return np.asarray(np.sin(2 * np.pi * frequency * times)[:, None])


def test_it_is_the_smoothing_spline_of_that_penalty() -> None:
    values = RNG.normal(size=(300, 2))
    penalty = 1 / (float(np.median(np.diff(TIMES))) * (2 * np.pi * 5) ** 4)
    expected = make_smoothing_spline(TIMES, values, lam=penalty)(TIMES)
    found, filled = smoothed(TIMES, values, EVERY, cutoff=5, fill=0.5)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    assert not filled.any()


@pytest.mark.parametrize("frequency", [1.0, 3.0, 6.0, 9.0])
def test_what_is_left_of_a_movement_is_what_the_filter_says(frequency: float) -> None:
    times = np.arange(600) / 60
    found, _ = smoothed(times, wave(frequency, times), np.ones(600, bool), cutoff=6, fill=0.5)
    inside = slice(60, 540)
    left = float((found[inside] * wave(frequency, times)[inside]).sum())
    left /= float((wave(frequency, times)[inside] ** 2).sum())  # of the same phase: no lag
    assert left == pytest.approx(1 / (1 + (frequency / 6) ** 4), abs=0.02)


def test_a_gap_is_filled_up_to_its_longest_and_marked() -> None:
    truth, known = wave(0.5), EVERY.copy()
    known[50:58] = known[150:180] = False
    holed = np.where(known[:, None], truth, np.nan)
    found, filled = smoothed(TIMES, holed, known, cutoff=6, fill=0.5)
    assert np.flatnonzero(filled).tolist() == list(range(50, 58))
    np.testing.assert_allclose(found[45:65], truth[45:65], atol=0.02)
    assert np.isnan(found[150:180]).all()
    with_more, filled = smoothed(TIMES, holed, known, cutoff=6, fill=2)
    assert np.isfinite(with_more).all()
    assert filled.sum() == 38


def test_without_filling_no_frame_is_made_up() -> None:
    known = EVERY.copy()
    known[100] = False
    _, filled = smoothed(TIMES, wave(1), known, cutoff=6, fill=0)
    assert not filled.any()


@pytest.mark.parametrize("frames", [0, 1, 2, 3, 4, 5])
def test_takes_of_a_few_frames_have_an_answer(frames: int) -> None:
    times = np.arange(frames) / 30
    found, filled = smoothed(times, np.ones((frames, 3)), np.ones(frames, bool), 6, 0.5)
    np.testing.assert_allclose(found, 1)
    assert not filled.any()
