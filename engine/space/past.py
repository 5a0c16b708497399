"""The last moments of one person's keypoints, at the even steps that a lifter over time takes.

Cameras give 15 to 60 frames a second, and not evenly. Knows no networks.
"""

from __future__ import annotations

from collections import deque

import numpy as np

LONGEST_GAP = 0.25  # seconds between frames, across which keypoints are interpolated


class Past:
    """What was seen of somebody in the last ``window`` steps, ``rate`` of them a second."""

    def __init__(self, window: int, rate: float) -> None:
        self._ages = np.arange(window - 1, -1, -1) / rate
        self._seen: deque[tuple[float, np.ndarray, np.ndarray]] = deque()

    def add(self, time: float, keypoints: np.ndarray, visible: np.ndarray) -> None:
        """One frame: (K, 2) pixels and (K,). A time that is not later than the last is another
        beginning."""
        if self._seen and time <= self._seen[-1][0]:
            self._seen.clear()
        self._seen.append((time, keypoints, visible))
        oldest = time - self._ages[0] - LONGEST_GAP
        while self._seen[0][0] < oldest:
            self._seen.popleft()

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """(T, K, 2) and (T, K) float32, the last step now; 0 where nothing was seen.

        Between two frames: keypoints in line, as sure as the less sure; of those that only one of
        them has, nothing.
        """
        times = np.array([time for time, _, _ in self._seen])
        keypoints = np.stack([points for _, points, _ in self._seen])
        visible = np.stack([seen for _, _, seen in self._seen])
        wanted = times[-1] - self._ages
        after = np.searchsorted(times, wanted).clip(0, len(times) - 1)
        before = np.where(times[after] > wanted, after - 1, after).clip(0)
        gap = times[after] - times[before]
        share = ((wanted - times[before]) / np.where(gap > 0, gap, 1)).clip(0, 1)[:, None]
        there = (wanted >= times[0]) & (gap <= LONGEST_GAP)
        both = np.minimum(visible[before], visible[after]) * there[:, None]
        line = keypoints[before] * (1 - share[..., None]) + keypoints[after] * share[..., None]
        return line.astype(np.float32), both.astype(np.float32)
