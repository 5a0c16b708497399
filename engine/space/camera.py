"""The pinhole camera: where points in space are in the picture.

Camera axes are x right, y down, z away (OpenCV's); world axes are right-handed, Y up. Knows no
people, no lens distortion and no picture files. All functions broadcast over leading dimensions.
"""

from __future__ import annotations

import numpy as np


def project(
    points: np.ndarray, focal: np.ndarray | float, centre: np.ndarray | tuple[float, float]
) -> np.ndarray:
    """Camera axes (..., 3), any unit, z > 0 → picture (..., 2) in pixels.

    focal: pixels, broadcasts against (..., 1); centre: (..., 2) pixels, where the optical axis is.
    """
    return np.asarray(points[..., :2] / points[..., 2:] * focal + centre)


def focal_length(field_of_view: np.ndarray | float, width: float) -> np.ndarray:
    """In pixels, of a picture ``width`` pixels wide that spans ``field_of_view`` degrees."""
    return np.asarray(width / 2 / np.tan(np.deg2rad(field_of_view) / 2))


def look_at(eye: np.ndarray, target: np.ndarray, roll: np.ndarray | float = 0.0) -> np.ndarray:
    """(..., 3, 3) rotation world → camera, from ``eye`` towards ``target``, both (..., 3).

    Its rows are the camera's axes in the world. roll: degrees (...,), the camera turned clockwise
    as it sees it. Looking straight up or down leaves no upright picture and gives NaN.
    """
    away = _unit(target - eye)
    right = _unit(np.cross(away, np.array([0.0, 1.0, 0.0])))
    down = np.cross(away, right)
    angle = np.asarray(np.deg2rad(roll))[..., None]
    rolled_right = np.cos(angle) * right + np.sin(angle) * down
    rolled_down = np.cos(angle) * down - np.sin(angle) * right
    return np.stack(np.broadcast_arrays(rolled_right, rolled_down, away), axis=-2)


def to_camera(points: np.ndarray, rotation: np.ndarray, eye: np.ndarray) -> np.ndarray:
    """World (..., K, 3) → camera axes; rotation: (..., 3, 3) from `look_at`, eye: (..., 3)."""
    return np.asarray((points - eye[..., None, :]) @ np.swapaxes(rotation, -1, -2))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
