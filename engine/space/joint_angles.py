"""Joint angles of a 3D pose, in degrees. Knows no time, no files and no 2D.

Conventions, in the person's own left and right:
- knee and elbow flexion: 0 straight, growing as the joint folds; it is never negative.
- hip flexion: between thigh and trunk in the plane that the body's left-right axis stands on: 0 in
  line with the trunk, positive with the thigh in front of it, negative behind (extension).
- shoulder elevation: between upper arm and trunk: 0 hanging, 90 level, 180 overhead, whichever way
  the arm was raised (the thoracohumeral elevation of Wu et al. 2005, without its plane).
- trunk lean: between the trunk and up, as far as the camera's tilt is known, else the camera's own
  upright: 0 upright, 90 level, whichever way.
The trunk is the line from pelvis to thorax: 17 joints tell no tilt of the pelvis apart from it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.skeleton import H36M17

ANGLES = (
    *("left_knee_flexion", "right_knee_flexion", "left_hip_flexion", "right_hip_flexion"),
    *("left_elbow_flexion", "right_elbow_flexion"),
    *("left_shoulder_elevation", "right_shoulder_elevation", "trunk_lean"),
)  # A = 9, in the order of ``joint_angles``

_Points = Mapping[str, np.ndarray]  # joint → (..., 3)


def joint_angles(joints: np.ndarray, seen: np.ndarray, up: np.ndarray) -> np.ndarray:
    """(..., 17, 3) of H36M-17 in camera axes, any unit → (..., A) degrees, in the order of ANGLES.

    seen: (..., 17) bool; up: (3,) unit vector away from the floor, camera axes. An angle is NaN
    where one of its joints is unseen or NaN, or where two of them lie upon each other.
    """
    points = np.where(seen[..., None], joints, np.nan).astype(np.float64)
    at = {name: points[..., k, :] for k, name in enumerate(H36M17.keypoints)}
    trunk = at["thorax"] - at["pelvis"]
    pairs = [
        *(_bend(at, f"{side}_hip", f"{side}_knee", f"{side}_ankle") for side in _SIDES),
        *(_hip_flexion(at, side) for side in _SIDES),
        *(_bend(at, f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist") for side in _SIDES),
        *(_between(at[f"{side}_elbow"] - at[f"{side}_shoulder"], -trunk) for side in _SIDES),
        _between(trunk, np.broadcast_to(up, trunk.shape)),
    ]
    return np.asarray(np.rad2deg(np.stack(pairs, axis=-1)))


_SIDES = ("left", "right")


def _bend(at: _Points, start: str, middle: str, end: str) -> np.ndarray:
    """Radians by which the second bone leaves the direction of the first."""
    return _between(at[middle] - at[start], at[end] - at[middle])


def _hip_flexion(at: _Points, side: str) -> np.ndarray:
    thigh, trunk = at[f"{side}_knee"] - at[f"{side}_hip"], at["thorax"] - at["pelvis"]
    right = at["right_hip"] - at["left_hip"]
    forward = np.cross(trunk, right)
    up = np.cross(right, forward)
    return _atan2(_dot(thigh, forward) * _length(up), -_dot(thigh, up) * _length(forward))


def _between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(...,) radians, 0 … π; the two-argument form stays exact near both ends."""
    return _atan2(_length(np.cross(a, b)), _dot(a, b))


def _atan2(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.where((x == 0) & (y == 0), np.nan, np.arctan2(y, x))


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((a * b).sum(axis=-1))


def _length(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(vectors, axis=-1))
