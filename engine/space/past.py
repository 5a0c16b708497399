"""The last moments of one person's keypoints, at the even steps that a lifter over time takes.

Cameras give 15 to 60 frames a second, and not evenly. Knows no networks.
"""

from __future__ import annotations

import numpy as np

LONGEST_GAP = 0.25  # seconds between frames, across which keypoints are interpolated


class Past:
    """What was seen of somebody in the last ``window`` steps, ``rate`` of them a second."""

    def __init__(self, window: int, rate: float) -> None:
        self._ages = np.arange(window - 1, -1, -1) / rate
        self._times = np.empty(0)  # (N,) seconds, rising
        self._rows = np.empty((0, 0, 3), np.float32)  # (N, K, 3): x, y and how sure

    def add(self, time: float, keypoints: np.ndarray, visible: np.ndarray) -> None:
        """One frame: (K, 2) pixels and (K,). A time that is not later than the last is another
        beginning."""
        row = np.concatenate([keypoints, visible[:, None]], axis=1)[None]
        first = self._times.searchsorted(time - self._ages[0] - LONGEST_GAP)
        if first == len(self._times) or time <= self._times[-1]:
            self._times, self._rows = np.array([time]), row
        else:
            self._times = np.concatenate([self._times[first:], [time]])
            self._rows = np.concatenate([self._rows[first:], row])

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """(T, K, 2) and (T, K) float32, the last step now; 0 where nothing was seen.

        Between two frames: keypoints in line, as sure as the less sure; of those that only one of
        them has, nothing.
        """
        times = self._times
        wanted = times[-1] - self._ages
        after = times.searchsorted(wanted)
        before = np.maximum(after - (times[after] > wanted), 0)
        gap, since = times[after] - times[before], wanted - times[before]
        share = np.maximum(since / np.maximum(gap, 1e-9), 0)[:, None, None]
        there = (since >= 0) & (gap <= LONGEST_GAP)
        old, new = self._rows[before], self._rows[after]
        line = old[..., :2] + (new - old)[..., :2] * share
        both = np.minimum(old[..., 2], new[..., 2]) * there[:, None]
        return line.astype(np.float32), both.astype(np.float32)
