"""How a skeleton is drawn, over the picture and in space: whose side, how faint. Knows no Qt."""

from __future__ import annotations

import numpy as np

from engine.skeleton import Skeleton, side_of

FULL_SCORE = 0.8  # right four times out of five; from here on a keypoint is drawn at full strength
FAINTEST = 0.25  # strength at the threshold
GUESSED = 0.15  # strength of a joint in space that nobody sees


def strengths(scores: np.ndarray, threshold: float) -> np.ndarray:
    """How strongly to draw each keypoint, (K,): 0 where it is unseen, else FAINTEST … 1."""
    known = (scores - threshold) / max(FULL_SCORE - threshold, 1e-6)
    return np.where(scores >= threshold, FAINTEST + (1 - FAINTEST) * known.clip(0, 1), 0.0)


def bone_strengths(joint_strengths: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    """(B,): a bone is as strong as the weaker of its ends, so 0 unless both are seen."""
    return np.asarray(joint_strengths[skeleton.bone_indices].min(axis=1))


def joint_sides(skeleton: Skeleton) -> list[str]:
    """``left``, ``right`` or ``middle`` of each keypoint."""
    return [side_of(name) for name in skeleton.keypoints]
