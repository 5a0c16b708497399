"""Elbows and knees bend as far as they do in people, and knees to the front.

Bones keep their lengths. Knows one pose.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17, LEGS
from engine.space.vectors import cross, length, lengths, unit

MOST_FLEXION = 150.0  # degrees; active flexion of elbow and knee ends there (AAOS, 1994)
FACING = 0.7  # share of the forward direction that is along the view from which a knee that bends
# backwards is one whose depth was guessed the wrong way round

_SIDES = ("left", "right")
_ELBOWS = np.array(
    [[H36M17.index(f"{s}_{p}") for p in ("shoulder", "elbow", "wrist")] for s in _SIDES]
)
_HINGES = np.concatenate([LEGS, _ELBOWS])
_RIGHT_HIP, _LEFT_HIP, _THORAX = map(H36M17.index, ("right_hip", "left_hip", "thorax"))


def within_limits(joints: np.ndarray) -> np.ndarray:
    """(17, 3) camera axes, any unit → the same pose with knees and elbows as they can be."""
    joints = joints.copy()
    _turn_knees(joints)
    start, middle, end = joints[_HINGES.T]
    upper, lower = middle - start, end - middle
    long, short = lengths(upper), lengths(lower)
    cosine = _dot(upper, lower) / np.maximum(long * short, 1e-9)
    if cosine.min() < _FOLDED:
        for hinge in np.flatnonzero(cosine < _FOLDED).tolist():
            along = upper[hinge] / long[hinge]
            aside = lower[hinge] - (lower[hinge] @ along) * along
            if length(aside) > 1e-6 * short[hinge]:
                out = unit(aside) * np.sqrt(1 - _FOLDED**2)
                joints[_HINGES[hinge, 2]] = middle[hinge] + short[hinge] * (_FOLDED * along + out)
    return joints


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N, 3) · (N, 3) or (3,) → (N,)."""
    return np.asarray(np.einsum("...i,...i", a, b))


_FOLDED = float(np.cos(np.deg2rad(MOST_FLEXION)))


def _turn_knees(joints: np.ndarray) -> None:
    """Mirror a knee that bends backwards to the front, where only its depth changes by that."""
    right = joints[_RIGHT_HIP] - joints[_LEFT_HIP]
    forward = unit(cross(joints[_THORAX] - joints[0], right))
    if abs(forward[2]) < FACING:
        return
    hips, knees, ankles = joints[LEGS.T]
    legs, thighs = ankles - hips, knees - hips
    long = np.maximum(_dot(legs, legs), 1e-9)
    bend = thighs - (_dot(thighs, legs) / long)[:, None] * legs
    across = forward - (legs @ forward / long)[:, None] * legs
    backwards = _dot(bend, across) / np.maximum(_dot(across, across), 1e-9)
    joints[LEGS[:, 1]] -= 2 * np.minimum(backwards, 0)[:, None] * across
