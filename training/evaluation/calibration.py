"""How often a heatmap peak is right, and the table that makes it a score which says so.

The table is fitted on one half of the held-out pictures, every second one, and reported on the
other. Knows arrays; no pictures, no networks and no files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.evaluation.figures import Row
from training.evaluation.metrics import calibration_error

FITTED, REPORTED = slice(0, None, 2), slice(1, None, 2)  # of the held-out pictures of each set
POINTS = 12  # of the table


@dataclass(frozen=True)
class Group:
    """Keypoints of about the same peak."""

    peak: float
    share: float  # that is right
    count: int

    def with_(self, other: Group) -> Group:
        count = self.count + other.count
        mine, others = self.count / count, other.count / count
        peak = mine * self.peak + others * other.peak
        return Group(peak, mine * self.share + others * other.share, count)


def groups(peaks: np.ndarray, right: np.ndarray, count: int = POINTS) -> list[Group]:
    """Keypoints in ``count`` groups of the same size, by their peaks.

    peaks, right: any shape; what is NaN in ``right`` does not count.
    """
    counts = np.isfinite(right)
    peaks, right = peaks[counts], right[counts]
    parts = np.array_split(np.argsort(peaks, kind="stable"), min(count, len(peaks)))
    return [Group(float(peaks[p].mean()), float(right[p].mean()), len(p)) for p in parts]


def fit_calibration(peaks: np.ndarray, right: np.ndarray) -> list[list[float]]:
    """`ModelSpec.score_calibration`: a line through groups, which rises (neighbours that do not are
    pooled: isotonic regression, Barlow 1972) and starts at 0.

    peaks, right: as `groups`.
    """
    rising: list[Group] = []
    for group in groups(peaks, right):
        while rising and (rising[-1].share >= group.share or rising[-1].peak >= group.peak):
            group = rising.pop().with_(group)
        rising.append(group)
    points = [[round(group.peak, 4), round(group.share, 4)] for group in rising]
    return points if points[0][0] <= 0 else [[0.0, 0.0], *points]


def score_figures(scores: np.ndarray, right: np.ndarray, peaks: np.ndarray | None = None) -> Row:
    """On the reported half: ``n`` keypoints, the mean ``score`` and the share that is ``right``, in
    percent, and the expected calibration error ``ece``, in points; ``ece_of_peaks`` before it.

    scores, right: (N, K); what is NaN in either does not count.
    """
    counts = np.isfinite(right[REPORTED] + scores[REPORTED])
    if not counts.any():
        return {}
    outcome, sure = right[REPORTED][counts], scores[REPORTED][counts]
    row = {"n": float(len(outcome)), "score": 100 * float(sure.mean())}
    row |= {"right": 100 * float(outcome.mean()), "ece": calibration_error(sure, outcome)}
    if peaks is not None:
        row["ece_of_peaks"] = calibration_error(peaks[REPORTED][counts], outcome)
    return row
