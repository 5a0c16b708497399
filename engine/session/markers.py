"""What to look at in a take, as MARKS has it. Vectorised; knows no files.

A marker is a stretch (start, end) in seconds from the start of the take.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.keypoints.backbone import best_scores
from engine.session.recording import Recording
from engine.skeleton import Skeleton, side_of

MARKS = ("gaps", "swaps", "low scores", "filled")
GAP = 3.0  # times the usual time between two frames
SWAP_DISTANCE = 0.15  # of the body's extent, travelled by a joint and its mirror image together
SWAP_PAIRS = 2  # pairs that must jump at once: a knee with its ankle, an elbow with its wrist
LOW_SCORE = 0.5  # of a pose: a little over what the estimator takes for a person at all


def find_markers(
    recording: Recording, skeleton: Skeleton, threshold: float
) -> Mapping[str, np.ndarray]:
    """Each of MARKS → (N, 2) float64 seconds; ``filled``: of a clean result, what was not seen.

    threshold: a keypoint that scores less counts as unseen.
    """
    times, scores = recording.timestamps, recording.scores2d
    seen = scores >= threshold
    keypoints = np.where(seen[..., None], recording.keypoints2d, np.nan)
    return {
        "gaps": gaps(times, np.isfinite(scores).any(axis=1)),
        "swaps": swaps(times, keypoints, skeleton),
        "low scores": stretches(times, best_scores(scores) < LOW_SCORE),
        "filled": stretches(times, recording.filled),
    }


def gaps(times: np.ndarray, somebody: np.ndarray) -> np.ndarray:
    """Where for GAP usual intervals there is no pose: frames are missing, or nobody is in view.

    times: (T,) seconds; somebody: (T,) bool. Returns (N, 2) seconds.
    """
    if len(times) < 2:
        return np.empty((0, 2))
    known = np.concatenate([times[:1], times[somebody], times[-1:]])
    long = np.diff(known) > GAP * np.median(np.diff(times))
    return np.asarray(np.column_stack([known[:-1], known[1:]])[long])


def swaps(times: np.ndarray, keypoints: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    """Where from one frame to the next SWAP_PAIRS pairs of joints change places.

    A pair has done so when it came from its mirror image's place (less than half the way), and the
    way from its own is long (SWAP_DISTANCE). keypoints: (T, K, 2), NaN where unseen.
    """
    left = [k for k, name in enumerate(skeleton.keypoints) if side_of(name) == "left"]
    right = skeleton.flip[left]
    before, after = keypoints[:-1], keypoints[1:]

    def way(a: list[int] | np.ndarray, b: list[int] | np.ndarray) -> np.ndarray:
        return np.asarray(np.linalg.norm(after[:, a] - before[:, b], axis=-1))

    kept = way(left, left) + way(right, right)
    crossed = way(left, right) + way(right, left)
    jumped = (crossed < kept / 2) & (kept > SWAP_DISTANCE * extent(before)[:, None])
    at = np.flatnonzero(jumped.sum(axis=1) >= SWAP_PAIRS)
    return np.column_stack([times[at], times[at + 1]]).reshape(-1, 2)


def extent(keypoints: np.ndarray) -> np.ndarray:
    """(T,) the longer side of the box around what is seen; 0 where nothing is."""
    low = np.fmin.reduce(keypoints, axis=1, initial=np.inf)
    high = np.fmax.reduce(keypoints, axis=1, initial=-np.inf)
    return np.asarray((high - low).max(axis=-1).clip(0))


def stretches(times: np.ndarray, flags: np.ndarray) -> np.ndarray:
    """(T,) bool → the runs of True as (N, 2) seconds, first frame to last."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return np.column_stack([times[first], times[last]]).reshape(-1, 2)
