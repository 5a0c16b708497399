"""Rotations of bones, many frames at once: from directions, and as the angles of a BVH file.

All matrices are (T, 3, 3) and turn column vectors; NaN goes in and comes out. Knows no skeletons.
"""

from __future__ import annotations

import numpy as np

_OPPOSITE = 1e-8  # 1 + cosine, under which two directions are taken as opposite
_LOCKED = 1 - 1e-12  # sine of the middle angle, over which the outer two are one


def swing(rest: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """The shortest rotations that turn ``rest`` (3,) to ``directions`` (T, 3); no twist about it.

    Opposite directions, which leave the axis open, are reached by a half turn.
    """
    a, b = rest / np.linalg.norm(rest), _unit(directions)
    cross, cosine = np.cross(a, b), b @ a
    near = np.maximum(1 + cosine, _OPPOSITE)[:, None, None]
    x, y, z = cross.T
    zero = np.zeros_like(x)
    skew = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(-1, 3, 3)
    shortest = np.eye(3) + skew + skew @ skew / near
    axis = np.roll(a, 1) - a * (np.roll(a, 1) @ a)
    half_turn = 2 * np.outer(axis, axis) / (axis @ axis) - np.eye(3)
    return np.asarray(np.where((1 + cosine < _OPPOSITE)[:, None, None], half_turn, shortest))


def frame(up: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Rotations that turn y to ``up`` (T, 3) and x, as far as that allows, to ``left`` (T, 3)."""
    y = _unit(up)
    x = _unit(left - y * (left * y).sum(axis=-1, keepdims=True))
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def hold(rotations: np.ndarray) -> np.ndarray:
    """NaN becomes the last good rotation; before the first, the first, and no rotation without."""
    good = np.isfinite(rotations).all(axis=(1, 2))
    return rotations[_held(good)] if good.any() else np.tile(np.eye(3), (len(good), 1, 1))


def hold_points(points: np.ndarray) -> np.ndarray:
    """(T, 3): NaN becomes the last good point; before the first, the first."""
    return np.asarray(points[_held(np.isfinite(points).all(axis=1))])


def _held(good: np.ndarray) -> np.ndarray:
    """(T,): the index of the last True up to here; before the first, of that."""
    last = np.maximum.accumulate(np.where(good, np.arange(len(good)), -1))
    return np.where(last >= 0, last, good.argmax())


def to_zxy(rotations: np.ndarray) -> np.ndarray:
    """(T, 3) degrees z, x, y with rotation = Rz @ Rx @ Ry, each going on where it was."""
    r = rotations
    locked = np.abs(r[:, 2, 1]) > _LOCKED
    x = np.arcsin(r[:, 2, 1].clip(-1, 1))
    z = np.where(locked, 0.0, np.arctan2(-r[:, 0, 1], r[:, 1, 1]))
    y = np.where(locked, np.arctan2(r[:, 0, 2], r[:, 0, 0]), np.arctan2(-r[:, 2, 0], r[:, 2, 2]))
    return np.rad2deg(np.unwrap(np.stack([z, x, y], axis=-1), axis=0))


def _unit(vectors: np.ndarray) -> np.ndarray:
    """NaN where there is no direction."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, np.nan))
