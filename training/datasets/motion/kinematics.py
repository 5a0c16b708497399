"""Joint angles → joint positions, for the formats of motion capture. Knows no files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def turns(degrees: np.ndarray, axes: str) -> np.ndarray:
    """(..., 3, 3) rotations about the fixed axes named in ``axes``, the first one outermost.

    degrees: (..., len(axes)). ``turns(a, "ZYX")`` is Rz(a0) Ry(a1) Rx(a2).
    """
    result = np.broadcast_to(np.eye(3), (*degrees.shape[:-1], 3, 3))
    for number, axis in enumerate(axes):
        result = result @ _turn(np.deg2rad(degrees[..., number]), "XYZ".index(axis))
    return result


def _turn(angle: np.ndarray, axis: int) -> np.ndarray:
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., axis, axis] = 1
    turn[..., a, a] = turn[..., b, b] = np.cos(angle)
    turn[..., b, a] = np.sin(angle)
    turn[..., a, b] = -np.sin(angle)
    return turn


def positions(
    parents: Sequence[int],
    offsets: np.ndarray,
    rotations: np.ndarray,
    root: np.ndarray,
    own: bool = False,
) -> np.ndarray:
    """(T, J, 3) where the joints are; joint 0 is the root, and parents come before children.

    offsets: (J, 3), from the parent, at rest; rotations: (T, J, 3, 3), of each joint within its
    parent; root: (T, 3). own: an offset is turned by its own joint's rotation (ASF, where a joint
    is the end of a bone) instead of by the parent's (BVH, where it is the start of one).
    """
    turned, placed = rotations.astype(float), np.zeros(rotations.shape[:3])
    placed[:, 0] = root
    for joint, parent in list(enumerate(parents))[1:]:
        turned[:, joint] = turned[:, parent] @ rotations[:, joint]
        carrier = turned[:, joint if own else parent]
        placed[:, joint] = placed[:, parent] + carrier @ offsets[joint]
    return placed
