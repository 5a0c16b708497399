"""A skeleton that does not breathe: every bone keeps the length it has had for this person so far.

A lifter guesses each frame anew, and its guesses of one bone differ by a third and more. Lengths
are learned slowly, from the seen bones; directions stay the lifter's. Knows one person's joints in
time; no pictures and no networks.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17, kind_of
from engine.space.vectors import lengths as lengths_of
from engine.types import Pose3D

# The bone that ends at a joint, in mm; of a person of that stature in metres (Winter, Biomechanics,
# chapter 4).
HUMAN_STATURE = 1.75
HUMAN = {
    "hip": 90, "knee": 420, "ankle": 420, "spine": 255, "thorax": 255,
    "nose": 200, "head_top": 165, "shoulder": 175, "elbow": 285, "wrist": 260,
}  # fmt: skip
PRIOR = 2.0  # seconds of observation that `HUMAN` counts as
MEMORY = 30.0  # seconds: how long the past counts, so that a wrong start is forgotten
LONGEST_GAP = 2.0  # seconds without a pose after which it is another person
SHORTER, LONGER = -0.05, 0.15  # of the length: a guess further off pulls no harder than that; an
# unsure lifter makes bones too short, so those say less
GIVE = 0.04  # of the length, by which a bone may still differ: with none, P1 is 5 mm worse


_BONES = H36M17.bone_indices  # parents before children
# Of each bone, as an index into HUMAN.
KINDS = np.array([list(HUMAN).index(kind_of(child)) for _, child in H36M17.bones])
_UPRIGHT = np.isin(list(HUMAN), ["knee", "ankle", "spine", "thorax", "nose", "head_top"])
_USUAL = float(np.array(list(HUMAN.values())) @ _UPRIGHT)


def _chains() -> np.ndarray:
    """(17, 16): which bones lie between the pelvis and a joint."""
    chains = np.zeros((len(H36M17), len(_BONES)))
    for bone, (parent, child) in enumerate(_BONES.tolist()):
        chains[child] = chains[parent]
        chains[child, bone] = 1
    return chains


_CHAINS = _chains()


def stature(lengths: np.ndarray) -> float:
    """Metres, of somebody whose bones are so long: (10,) mm, in the order of HUMAN."""
    return HUMAN_STATURE * float(lengths @ _UPRIGHT) / _USUAL


class SteadyBones:
    """Lengths of one person's bones, left and right alike."""

    def __init__(self) -> None:
        self._last = -np.inf

    def __call__(self, pose: Pose3D, threshold: float, timestamp: float) -> np.ndarray:
        """The pose's joints, (17, 3) float32 mm, with this person's bones; the pelvis stays.

        threshold: a bone whose ends score less teaches nothing; timestamp: seconds, rising.
        """
        bones = pose.keypoints[_BONES[:, 1]] - pose.keypoints[_BONES[:, 0]]
        found = np.maximum(lengths_of(bones), 1e-3)
        if timestamp - self._last > LONGEST_GAP:
            self._log_lengths = np.log(np.array(list(HUMAN.values()), float))
            self._seconds = np.full(len(HUMAN), PRIOR)
            self._directions = bones / found[:, None]
            self._last = timestamp
        self._learn(found, (pose.scores[_BONES] >= threshold).all(axis=1), timestamp - self._last)
        self._last = timestamp
        return self._rebuilt(pose.keypoints[0], bones, found)

    @property
    def stature(self) -> float:
        """Metres, of somebody whose bones are as long as these."""
        return stature(np.exp(self._log_lengths))

    def _learn(self, found: np.ndarray, seen: np.ndarray, elapsed: float) -> None:
        """Move each kind's length towards what was found, by the share the new time has in all."""
        off = np.log(found) - self._log_lengths[KINDS]
        off = np.minimum(np.maximum(off, SHORTER), LONGER)
        count = np.bincount(KINDS, seen, len(HUMAN))
        step = np.bincount(KINDS, off * seen, len(HUMAN)) / np.maximum(count, 1)
        self._seconds[count > 0] += elapsed
        self._seconds = np.minimum(self._seconds, MEMORY)
        self._log_lengths += step * elapsed / self._seconds

    def _rebuilt(self, pelvis: np.ndarray, bones: np.ndarray, found: np.ndarray) -> np.ndarray:
        """From the pelvis outwards. What a bone lacks in length keeps its last direction: one that
        collapses, as hips do where a person turns, points nowhere.
        """
        known = np.exp(self._log_lengths)[KINDS]
        lengths = np.minimum(np.maximum(found, known * (1 - GIVE)), known * (1 + GIVE))
        bones = bones + np.maximum(lengths - found, 0)[:, None] * self._directions
        self._directions = bones / np.maximum(lengths_of(bones), 1e-3)[:, None]
        joints = pelvis + _CHAINS @ (self._directions * lengths[:, None])
        return np.asarray(joints, np.float32)
