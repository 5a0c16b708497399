"""Bones of one length throughout a take. Knows no time and no files."""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17
from engine.space.bone_lengths import HUMAN, KINDS

_BONES = H36M17.bone_indices  # parents before children


def bone_lengths(joints: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(10,), by kind as HUMAN has them: medians over the frames in which both ends are seen, left
    and right alike; where there is no such frame, over all.

    joints: (T, 17, 3), some of them without NaN; seen: (T, 17) bool.
    """
    found = np.linalg.norm(joints[:, _BONES[:, 1]] - joints[:, _BONES[:, 0]], axis=-1)
    there = np.isfinite(found)
    sure = there & seen[:, _BONES].all(axis=-1)
    lengths = np.empty(len(HUMAN))
    for kind in range(len(HUMAN)):
        which = np.equal(KINDS, kind)
        of_kind = found[:, which][sure[:, which]]
        lengths[kind] = np.median(of_kind if len(of_kind) else found[:, which][there[:, which]])
    return lengths


def with_lengths(joints: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Joints (T, 17, 3), built from the pelvis: each bone as it points, as long as (10,) says."""
    out = joints.copy()
    for (parent, child), length in zip(_BONES.tolist(), lengths[KINDS].tolist(), strict=True):
        bone = joints[:, child] - joints[:, parent]
        found = np.linalg.norm(bone, axis=-1, keepdims=True)
        out[:, child] = out[:, parent] + bone * (length / np.maximum(found, 1e-6))
    return out
