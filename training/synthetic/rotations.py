"""Directions to rotation matrices. What takes arrays broadcasts over leading dimensions."""

from __future__ import annotations

import numpy as np


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(1e-9))


def frame(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    """(..., 3, 3) whose columns are ``across`` (squared up), ``along``, and their normal."""
    along = unit(along)
    normal = unit(np.cross(across, along))
    return np.stack([np.cross(along, normal), along, normal], axis=-1)


def swing(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(..., 3, 3) the shortest turn that takes one direction to another."""
    source, target = unit(source), unit(target)
    x, y, z = np.moveaxis(np.cross(source, target), -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    cosine = (source * target).sum(-1)[..., None, None]
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + cosine).clip(1e-3))


def about(angle: float, axis: int) -> np.ndarray:
    """(3, 3) a turn about x (0), y (1) or z (2), radians."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn = np.eye(3)
    turn[[a, b], [a, b]] = np.cos(angle)
    turn[b, a], turn[a, b] = np.sin(angle), -np.sin(angle)
    return turn
