"""Camera axes → a room, and a person who stands upright on its floor.

The only place that turns the axes. Knows no Qt and no files. Room axes are x right, y up, z towards
the camera; upright axes, which views draw, are x right, y away from the camera, z up. Both are in
metres.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17
from engine.space.horizon import up_of
from engine.space.vectors import cross, unit
from engine.types import CameraView, Pose3D

FEET = ("left_ankle", "right_ankle")
HIP_HEIGHT = 0.9  # m, of a person whose feet are out of the picture
SETTLE = 0.15  # s, time constant of the height over the floor

_FEET = [H36M17.index(name) for name in FEET]


def room_axes(up: np.ndarray) -> np.ndarray:
    """(3, 3), rows right, up and towards the camera, level, in camera axes; up: (3,) unit."""
    towards = unit(np.array([0.0, 0.0, -1.0]) + up[2] * up)
    return np.array([cross(up, towards), up, towards])


def axes_of(camera: CameraView | None) -> np.ndarray:
    """``room_axes``, as far as they are known: a camera of which nothing is known is level."""
    tilt = (camera.pitch_deg or 0.0, camera.roll_deg or 0.0) if camera else (0.0, 0.0)
    return room_axes(up_of(*tilt))


def to_upright(
    keypoints: np.ndarray, mirror: bool = False, camera: CameraView | None = None
) -> np.ndarray:
    """(..., 3) mm, camera axes (x right, y down, z away) → metres, upright; mirrored sideways."""
    return from_room(keypoints / 1000 @ axes_of(camera).T, mirror)


def from_room(points: np.ndarray, mirror: bool = False) -> np.ndarray:
    """(..., 3) room axes → upright; mirrored sideways."""
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack([-x if mirror else x, -z, y], axis=-1)


def to_y_up(points: np.ndarray) -> np.ndarray:
    """(..., 3) upright → x right, y up, z towards the camera."""
    x, y, z = np.moveaxis(points, -1, 0)
    return np.stack([x, z, -y], axis=-1)


class Standing:
    """Keeps the lowest seen foot on the floor, smoothly."""

    def __init__(self) -> None:
        self._height: float | None = None  # of the pelvis, m
        self._time = 0.0

    def leave(self) -> None:
        """Nobody is there: the next person starts afresh."""
        self._height = None

    def place(
        self,
        pose: Pose3D,
        seen: np.ndarray,
        timestamp: float,
        mirror: bool,
        camera: CameraView | None = None,
    ) -> np.ndarray:
        """(17, 3) upright; seen: (17,) bool; timestamp: seconds."""
        points = to_upright(pose.keypoints, mirror, camera)
        points[:, 2] += self._settle(float(_pelvis_height(points, seen)), timestamp)
        return points

    def _settle(self, target: float, timestamp: float) -> float:
        if self._height is None:
            self._height = target
        elapsed, self._time = max(timestamp - self._time, 0.0), timestamp
        self._height += (target - self._height) * (1 - float(np.exp(-elapsed / SETTLE)))
        return self._height

    def place_take(
        self, joints: np.ndarray, seen: np.ndarray, timestamps: np.ndarray
    ) -> np.ndarray:
        """What ``place`` gives for a whole take, NaN where there is nobody.

        joints: (T, 17, 3) mm, camera axes; seen: (T, 17) bool; timestamps: (T,) seconds.
        """
        points = to_upright(joints.astype(np.float64))
        for t, target in enumerate(_pelvis_height(points, seen).tolist()):
            if np.isnan(target):
                self.leave()
            else:
                points[t, :, 2] += self._settle(target, float(timestamps[t]))
        return points


def _pelvis_height(points: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(...,) m, at which the lowest seen joint of (..., 17, 3) is on the floor; NaN for nobody."""
    lowest = np.where(seen, points[..., 2], np.inf).min(axis=-1)
    height = np.where(seen[..., _FEET].any(axis=-1), -lowest, HIP_HEIGHT)
    return np.where(np.isfinite(points[..., 0, 2]), height, np.nan)
