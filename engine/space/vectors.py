"""Vectors of three numbers, one or a few: numpy's own functions take longer to look at them."""

from __future__ import annotations

import math

import numpy as np


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(3,) × (3,) → (3,), as ``np.cross``."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def length(a: np.ndarray) -> float:
    """Of a (3,) vector."""
    return math.hypot(*a.tolist())


def lengths(a: np.ndarray) -> np.ndarray:
    """(..., D) → (...)."""
    return np.asarray(np.sqrt(np.einsum("...i,...i", a, a)))


def unit(a: np.ndarray) -> np.ndarray:
    """(3,), as long as 1; a vector without length stays."""
    return np.asarray(a / max(length(a), 1e-12))
