"""Left stays left: a backbone that takes one arm for the other for some frames is set right.

An arm does not jump to the other side of the body from one frame to the next. Where the labels do,
they are exchanged back; what the backbone says for half a second without a break is believed. Knows
one person's keypoints in time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from engine.skeleton import Skeleton
from engine.types import Pose2D

LIMBS = {"arms": ("shoulder", "elbow", "wrist"), "legs": ("hip", "knee", "ankle")}
BELIEVED = 0.5  # seconds
LONGEST_GAP = 0.5  # seconds without a limb after which nothing is known of it
NEARER = 0.5  # of the distance to the last frame's keypoints, that the other way round is clear
STILL = 0.03  # of the body, within which each must then lie: two legs that pass each other do not
APART = 0.05  # of the body, by which sides must differ to be told from each other


class Sides:
    """Of one person."""

    def __init__(self) -> None:
        self.swaps = 0  # noticed so far
        self._last: np.ndarray | None = None  # (K, 2) as they were given out

    def __call__(self, pose: Pose2D, threshold: float, timestamp: float, body: float) -> Pose2D:
        """The pose with its sides kept.

        threshold: a keypoint that scores less says nothing; timestamp: seconds, rising; body: its
        size in pixels.
        """
        if self._last is None or len(self._last) != len(pose.keypoints):
            self._last = np.full_like(pose.keypoints, np.nan)
            self._when = np.full(len(pose.keypoints), -np.inf)
            self._doubted = dict.fromkeys(LIMBS, np.inf)  # since when the backbone says otherwise
        self._last[timestamp - self._when > LONGEST_GAP] = np.nan
        for limb in LIMBS:
            pose = self._kept(limb, pose, threshold, timestamp, body)
        seen = pose.scores >= threshold
        self._last[seen], self._when[seen] = pose.keypoints[seen], timestamp
        return pose

    def _kept(
        self, limb: str, pose: Pose2D, threshold: float, timestamp: float, body: float
    ) -> Pose2D:
        assert self._last is not None
        sides = _pairs(pose.skeleton, limb)
        both = sides[:, (pose.scores[sides] >= threshold).all(axis=0)]
        if not _exchanged(pose.keypoints[both], self._last[both], body):
            self._doubted[limb] = np.inf
            return pose
        self.swaps += self._doubted[limb] == np.inf
        self._doubted[limb] = min(self._doubted[limb], timestamp)
        if timestamp - self._doubted[limb] >= BELIEVED:
            self._doubted[limb] = np.inf
            return pose
        order = np.arange(len(pose.keypoints))
        order[sides] = sides[::-1]
        return replace(pose, keypoints=pose.keypoints[order], scores=pose.scores[order])


def _exchanged(new: np.ndarray, old: np.ndarray, body: float) -> bool:
    """Whether the sides of (2, P, 2) keypoints, left and right, fit the old ones better the other
    way round."""
    known = np.isfinite(old).all(axis=(0, 2))
    if not known.any():
        return False
    new, old = new[:, known], old[:, known]
    apart = np.linalg.norm(old[0] - old[1], axis=-1).mean()
    same = np.linalg.norm(new - old, axis=-1).mean()
    other = np.linalg.norm(new[::-1] - old, axis=-1).mean()
    return bool(apart > APART * body and other < min(NEARER * same, STILL * body))


@cache
def _pairs(skeleton: Skeleton, limb: str) -> np.ndarray:
    """(2, P) indices of the left and of the right keypoints of both limbs."""
    names = [f"left_{kind}" for kind in LIMBS[limb]]
    left = np.array([skeleton.index(name) for name in names])
    return np.stack([left, skeleton.flip[left]])
