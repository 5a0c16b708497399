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
    """Keeps left and right of one person apart, from pose to pose."""

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
        seen = pose.scores >= threshold
        # Sides can only have changed where something moved by a part of what lies between them.
        moved = np.abs(pose.keypoints - self._last) > APART * body / (1 + NEARER) / 2
        if moved.any():
            order = self._order(pose, seen, timestamp, body)
            pose = replace(pose, keypoints=pose.keypoints[order], scores=pose.scores[order])
            seen = seen[order]
        else:
            self._doubted = dict.fromkeys(LIMBS, np.inf)
        self._last[seen], self._when[seen] = pose.keypoints[seen], timestamp
        return pose

    def _order(self, pose: Pose2D, seen: np.ndarray, timestamp: float, body: float) -> np.ndarray:
        """(K,) indices that put the keypoints on the sides where they were."""
        assert self._last is not None
        pairs, order = _pairs(pose.skeleton), np.arange(len(pose.keypoints))
        exchanged = _exchanged(pose.keypoints[pairs], self._last[pairs], seen[pairs], body)
        for limb, other_way, sides in zip(LIMBS, exchanged.tolist(), pairs, strict=True):
            if self._is_mended(limb, other_way, timestamp):
                order[sides] = sides[::-1]
        return order

    def _is_mended(self, limb: str, other_way: bool, timestamp: float) -> bool:
        """Whether to exchange a limb that fits the other way round: at most BELIEVED seconds."""
        if not other_way:
            self._doubted[limb] = np.inf
            return False
        self.swaps += self._doubted[limb] == np.inf
        self._doubted[limb] = min(self._doubted[limb], timestamp)
        if timestamp - self._doubted[limb] < BELIEVED:
            return True
        self._doubted[limb] = np.inf
        return False


def _exchanged(new: np.ndarray, old: np.ndarray, seen: np.ndarray, body: float) -> np.ndarray:
    """(2,) bool: whether the sides of a limb fit the old ones better the other way round.

    new, old: (2, 2, 3, 2) pixels, limbs, left and right, keypoints; seen: (2, 2, 3) bool.
    """
    known = (seen & np.isfinite(old[..., 0])).all(axis=1)  # (2, 3)
    count = known.sum(axis=1)
    pairs = np.array([old[:, ::-1], new, new[:, ::-1]])
    off = np.where(known[:, None, :, None], pairs - old, 0.0)
    distances = np.sqrt(np.einsum("...i,...i", off, off)).sum(axis=(2, 3))
    apart, same, other = distances / np.maximum(2 * count, 1)
    clear = other < np.minimum(NEARER * same, STILL * body)
    return np.asarray((count > 0) & (apart > APART * body) & clear)


@cache
def _pairs(skeleton: Skeleton) -> np.ndarray:
    """(2, 2, 3) indices: of arms and legs, left and right, the keypoints."""
    names = [[f"left_{kind}" for kind in kinds] for kinds in LIMBS.values()]
    left = np.array([[skeleton.index(name) for name in limb] for limb in names])
    return np.stack([left, skeleton.flip[left]], axis=1)
