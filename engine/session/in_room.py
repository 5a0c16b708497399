"""The 3D of a take in metres, and in the room where that is known. Knows no formats."""

from __future__ import annotations

import numpy as np

from engine.session.bones import bone_lengths
from engine.session.joint_scores import joints_seen
from engine.session.recorded_room import recorded_room
from engine.session.recording import Recording
from engine.space.bone_lengths import stature


def is_placed(take: Recording) -> bool:
    """Whether it is known where in the room the person was."""
    return bool(np.isfinite(take.root).any())


def in_metres(take: Recording) -> np.ndarray:
    """(T, 17, 3) about the pelvis, camera axes. In a room the body is as tall as it was said to be;
    elsewhere lifters know sizes only from those whom they learned from."""
    joints = take.joints3d.astype(np.float64) / 1000
    if not (is_placed(take) and np.isfinite(joints).all(axis=(1, 2)).any()):
        return joints
    tall = stature(1000 * bone_lengths(joints, joints_seen(take)))
    return joints * (recorded_room(take.session).body / tall)


def in_room(take: Recording) -> np.ndarray:
    """(T, 17, 3) m, x right, y up, z towards the camera; NaN where the place is not known."""
    axes = recorded_room(take.session).axes
    return np.asarray(in_metres(take) @ axes.T + take.root.astype(np.float64)[:, None])
