"""Left and right that were exchanged for a while, found with hindsight: they changed places twice.

The signs are those by which ``engine.people.sides`` puts them right live. Knows no files.
"""

from __future__ import annotations

import numpy as np

from engine.people.sides import APART, LIMBS, LONGEST_GAP, NEARER, STILL
from engine.skeleton import Skeleton

LONGEST = 1.0  # seconds; what lasts longer is believed


def exchanged(
    times: np.ndarray, points: np.ndarray, seen: np.ndarray, body: np.ndarray, skeleton: Skeleton
) -> dict[str, np.ndarray]:
    """Limb of LIMBS → (T,) bool: frames in which its left and right have to change places.

    times: (T,) seconds; points: (T, K, 2) and body: (T,), its size, in pixels; seen: (T, K) bool.
    """
    found = {}
    for limb in LIMBS:
        pairs = limb_pairs(limb, skeleton)
        both = np.asarray(seen[:, pairs].all(axis=1))
        found[limb] = _between_jumps(times, _jumps(times, points[:, pairs], both, body))
    return found


def limb_pairs(limb: str, skeleton: Skeleton) -> np.ndarray:
    """(2, P) indices of its left and of its right keypoints."""
    left = [skeleton.index(f"left_{part}") for part in LIMBS[limb]]
    return np.stack([left, skeleton.flip[left]])


def _jumps(times: np.ndarray, points: np.ndarray, both: np.ndarray, body: np.ndarray) -> np.ndarray:
    """(T,) bool: from where they were last the sides came the other way round.

    points: (T, 2, P, 2) left and right; both: (T, P) whether both are seen.
    """
    frames = np.arange(len(times))[:, None]
    last = np.roll(np.maximum.accumulate(np.where(both, frames, -1), axis=0), 1, axis=0)
    last[:1] = -1
    known = both & (last >= 0) & (times[:, None] - times[last] <= LONGEST_GAP)
    before = points[last, :, np.arange(points.shape[2])].swapaxes(1, 2)
    count = known.sum(axis=1).clip(1)

    def mean(ways: np.ndarray) -> np.ndarray:
        """(T, ..., P, 2) → (T,): their mean length over the pairs that are known."""
        lengths = np.linalg.norm(ways, axis=-1)
        lengths = lengths.reshape(len(lengths), -1, lengths.shape[-1]).mean(axis=1)
        return np.asarray(np.where(known, lengths, 0).sum(axis=1) / count)

    apart = mean(before[:, 0] - before[:, 1])
    same, other = mean(points - before), mean(points[:, ::-1] - before)
    clear = other < np.minimum(NEARER * same, STILL * body)
    return np.asarray(known.any(axis=1) & (apart > APART * body) & clear)


def _between_jumps(times: np.ndarray, jumps: np.ndarray) -> np.ndarray:
    """(T,) bool: from a jump up to the one that takes it back."""
    wrong, at = np.zeros(len(times), bool), np.flatnonzero(jumps).tolist()
    while len(at) > 1:
        start, end = at[0], at[1]
        back = times[end] - times[start] <= LONGEST
        wrong[start:end] = back
        at = at[2:] if back else at[1:]
    return wrong
