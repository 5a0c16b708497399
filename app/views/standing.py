"""Pose3D → a person who stands on the floor of the 3D view. The only place that turns the axes.

Knows no Qt. The view's axes are x right, y away from the camera, z up, in metres.
"""

from __future__ import annotations

import numpy as np

from engine.types import Pose3D

FEET = ("left_ankle", "right_ankle")
HIP_HEIGHT = 0.9  # m, of a person whose feet are out of the picture
SETTLE = 0.15  # s, time constant of the height over the floor


def to_view_axes(keypoints: np.ndarray, mirror: bool = False) -> np.ndarray:
    """(K, 3) mm, camera axes (x right, y down, z away) → metres, view axes; mirrored sideways."""
    x, y, z = (keypoints / 1000).T
    return np.column_stack([-x if mirror else x, z, -y])


class Standing:
    """Keeps the lowest seen foot on the floor, smoothly."""

    def __init__(self) -> None:
        self._height: float | None = None  # of the pelvis, m
        self._time = 0.0

    def leave(self) -> None:
        """Nobody is there: the next person starts afresh."""
        self._height = None

    def place(self, pose: Pose3D, seen: np.ndarray, timestamp: float, mirror: bool) -> np.ndarray:
        """(K, 3) metres in the view's axes; seen: (K,) bool; timestamp: seconds."""
        points = to_view_axes(pose.keypoints, mirror)
        feet = [pose.skeleton.index(name) for name in FEET]
        target = -float(points[seen, 2].min()) if seen[feet].any() else HIP_HEIGHT
        if self._height is None:
            self._height = target
        elapsed, self._time = max(timestamp - self._time, 0.0), timestamp
        self._height += (target - self._height) * (1 - float(np.exp(-elapsed / SETTLE)))
        points[:, 2] += self._height
        return points
