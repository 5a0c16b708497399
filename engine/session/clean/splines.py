"""Smoothing without lag, at the uneven times of capture; gaps are bridged on the way.

A cubic smoothing spline (Reinsch 1967; Woltring 1986 for motion) whose penalty makes it the filter
of biomechanics, a Butterworth of second order run there and back: of what moves at the cutoff half
is left, 1 / (1 + (f / cutoff)^4), and nothing is late. Knows no skeletons.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.linalg import solveh_banded
from scipy.sparse import diags_array

FEWEST = 3  # values in a row that can be smoothed


def smoothed(
    times: np.ndarray, values: np.ndarray, known: np.ndarray, cutoff: float, fill: float
) -> tuple[np.ndarray, np.ndarray]:
    """(T, D) float64 and, (T,) bool, where they were filled.

    times: (T,) seconds, rising; values: (T, D); known: (T,) bool, what is not is filled where that
    lasts ``fill`` seconds at most and is left as it is elsewhere. cutoff: Hz.
    """
    out, filled = values.astype(np.float64), np.zeros(len(times), bool)
    step = usual_step(times)
    at = np.flatnonzero(known)
    holes = np.diff(times[at]) - step > max(fill, step / 2)
    for run in np.split(at, np.flatnonzero(holes) + 1):
        if len(run) < FEWEST:
            continue
        knots = _reinsch(times[run], out[run], 1 / (step * (2 * np.pi * cutoff) ** 4))
        between = np.setdiff1d(np.arange(run[0], run[-1]), run)
        if len(between):
            out[between] = CubicSpline(times[run], knots, bc_type="natural")(times[between])
        out[run], filled[between] = knots, True
    return out, filled


def usual_step(times: np.ndarray) -> float:
    """Seconds between two frames; 1 of a take of one."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 1.0


def _reinsch(x: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    """What the natural cubic spline f that minimises sum (y - f(x))^2 + penalty * integral f''^2
    is at x; x: (N,) rising, y: (N, D). Green and Silverman 1994, 2.3.3.
    """
    h, n = np.diff(x), len(x)
    inner = [1 / h[:-1], -1 / h[:-1] - 1 / h[1:], 1 / h[1:]]
    q = diags_array(inner, offsets=[0, -1, -2], shape=(n, n - 2))
    r = diags_array(
        [h[1:-1] / 6, (h[:-1] + h[1:]) / 3, h[1:-1] / 6], offsets=[-1, 0, 1], shape=(n - 2, n - 2)
    )
    matrix = r + penalty * (q.T @ q)
    bands = np.zeros((3, n - 2))
    for above in range(min(3, n - 2)):
        bands[2 - above, above:] = matrix.diagonal(above)
    bends = solveh_banded(bands[max(0, 5 - n) :], q.T @ y)
    return np.asarray(y - penalty * (q @ bends))
