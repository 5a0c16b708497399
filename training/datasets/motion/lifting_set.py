"""What a lifter learns from, however it was published: 2D keypoints beside 3D joints.

Knows no files and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.skeleton import Skeleton


@dataclass(frozen=True, slots=True, eq=False)
class LiftingSet:
    """N frames, each as one camera saw it."""

    keypoints: np.ndarray  # (N, K, 2) float32 pixels, in the order of ``skeleton``
    joints: np.ndarray  # (N, 17, 3) float32 mm, H36M-17, camera axes, relative to the pelvis
    subjects: np.ndarray  # (N,) str, "S9"
    actions: np.ndarray  # (N,) str, "WalkDog", both takes of an action alike
    cameras: np.ndarray  # (N,) str, the camera's id
    skeleton: Skeleton  # of the keypoints

    def __len__(self) -> int:
        return len(self.joints)

    def where(self, rows: np.ndarray) -> LiftingSet:
        """The frames that ``rows`` picks, a mask (N,) or indices: one action, one subject."""
        return LiftingSet(
            self.keypoints[rows],
            self.joints[rows],
            self.subjects[rows],
            self.actions[rows],
            self.cameras[rows],
            self.skeleton,
        )


def statistics(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over the first axis, to standardise with, float32.

    Of the training set alone (Martinez 2017, section 3.2). What never varies, as the pelvis of
    relative joints, has deviation 1, so that it stays what it is.
    """
    deviation = values.std(axis=0, dtype=np.float64)
    return (
        values.mean(axis=0, dtype=np.float64).astype(np.float32),
        np.where(deviation > 1e-6, deviation, 1).astype(np.float32),
    )


def hip_centred(camera_metres: np.ndarray) -> np.ndarray:
    """(N, 17, 3) metres in camera axes → (N, 17, 3) float32 mm relative to the pelvis."""
    return np.asarray((camera_metres - camera_metres[:, :1]) * 1000, np.float32)
