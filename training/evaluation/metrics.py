"""The field's metrics of joints, as the field computes them; average precision is in oks.py.

Knows arrays only. A table of hits is 1 where a keypoint is right, 0 where it is wrong and NaN where
it does not count.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import MPII16, Skeleton, kind_of

NOT_IN_PCKH = ("pelvis", "thorax")
PCK_3D = 150.0  # mm


def pck_hits(
    found: np.ndarray,
    truth: np.ndarray,
    labelled: np.ndarray,
    fraction: float = 0.2,
    skeleton: Skeleton = MPII16,
) -> np.ndarray:
    """PCK as on LSP and FLIC: a keypoint is right within ``fraction`` of the torso, left shoulder
    to right hip.

    found, truth: (N, K, 2) pixels; labelled: (N, K). Returns (N, K) hits; whole pictures without
    both torso joints do not count.
    """
    shoulder, hip = skeleton.index("left_shoulder"), skeleton.index("right_hip")
    torso = np.linalg.norm(truth[:, shoulder] - truth[:, hip], axis=1)
    hits = (np.linalg.norm(found - truth, axis=2) <= fraction * torso[:, None]).astype(float)
    counts = labelled & (labelled[:, shoulder] & labelled[:, hip])[:, None]
    return np.where(counts, hits, np.nan)


def pckh_hits(
    found: np.ndarray,
    truth: np.ndarray,
    labelled: np.ndarray,
    head_sizes: np.ndarray,
    fraction: float = 0.5,
) -> np.ndarray:
    """PCKh as on MPII (Andriluka 2014): right within ``fraction`` of the head size.

    found, truth: (N, 16, 2) MPII-16 pixels; labelled: (N, 16); head_sizes: (N,) pixels, 0.6 of the
    head box's diagonal. Returns (N, 16) hits; pelvis and thorax do not count, so that the mean of
    the table is that over 14 joints, weighted by how often each is labelled.
    """
    hits = (np.linalg.norm(found - truth, axis=2) <= fraction * head_sizes[:, None]).astype(float)
    counts = labelled & [name not in NOT_IN_PCKH for name in MPII16.keypoints]
    return np.where(counts & np.isfinite(head_sizes)[:, None], hits, np.nan)


def head_segments(truth: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """(N,) pixels from head top to upper neck of MPII-16 labels; NaN where one has no label."""
    top, neck = MPII16.index("head_top"), MPII16.index("upper_neck")
    lengths = np.linalg.norm(truth[:, top] - truth[:, neck], axis=1)
    return np.where(labelled[:, top] & labelled[:, neck], lengths, np.nan)


def calibration_error(scores: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error in percent (Guo 2017, section 2): how far the mean score of a bin
    is from the share that is right in it, weighted by how many lie there.

    scores: (M,), above 1 counts as 1; right: (M,) 0 or 1.
    """
    sure = scores.clip(0, 1)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=right - sure, minlength=bins)
    return 100 * float(np.abs(gaps).sum()) / len(sure)


def percent(hits: np.ndarray) -> float:
    """Percentage of right keypoints among those that count; NaN where none does."""
    return 100 * float(np.nanmean(hits)) if np.isfinite(hits).any() else float("nan")


def percent_by_joint(hits: np.ndarray, skeleton: Skeleton) -> dict[str, float]:
    """`percent` by joint, left and right together: ``shoulder``, ``elbow``, … in order."""
    kinds = [kind_of(name) for name in skeleton.keypoints]
    columns = {kind: [i for i, k in enumerate(kinds) if k == kind] for kind in kinds}
    rows = {kind: percent(hits[:, which]) for kind, which in columns.items()}
    return {kind: value for kind, value in rows.items() if np.isfinite(value)}


def mpjpe(found: np.ndarray, truth: np.ndarray, root: int = 0) -> np.ndarray:
    """Protocol 1: the distance of each joint when the roots lie on each other.

    found, truth: (N, K, 3), one unit → (N, K) in that unit. The field reports the mean over all K,
    the root's zero included.
    """
    offset = (found - found[:, root, None]) - (truth - truth[:, root, None])
    return np.asarray(np.linalg.norm(offset, axis=-1))


def procrustes_mpjpe(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Protocol 2: (N, K) distances once each pose is turned, scaled and shifted onto the truth.

    The best similarity in the least-squares sense, never a reflection (Umeyama 1991, equations
    39-43).
    """
    centre = truth.mean(axis=1, keepdims=True)
    source, target = found - found.mean(axis=1, keepdims=True), truth - centre
    u, singular, v = np.linalg.svd(np.swapaxes(target, 1, 2) @ source)
    signs = np.ones_like(singular)
    signs[:, -1] = np.sign(np.linalg.det(u @ v))
    rotation = (u * signs[:, None]) @ v
    spread = np.maximum((source**2).sum(axis=(1, 2)), 1e-12)
    scale = (singular * signs).sum(axis=1) / spread
    aligned = scale[:, None, None] * source @ np.swapaxes(rotation, 1, 2) + centre
    return np.asarray(np.linalg.norm(aligned - truth, axis=-1))


def figures_3d(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """``p1`` and ``p2`` in mm, ``pck3d`` and ``auc`` in percent of joints (Mehta 2017).

    found, truth: (N, 17, 3) mm. PCK3D counts joints within 150 mm by Protocol 1; AUC is its mean
    over thresholds 0, 5, … 150 mm.
    """
    errors = mpjpe(found, truth)
    thresholds = np.linspace(0, PCK_3D, 31)
    return {
        "p1": float(errors.mean()),
        "p2": float(procrustes_mpjpe(found, truth).mean()),
        "pck3d": 100 * float((errors < PCK_3D).mean()),
        "auc": 100 * float(np.mean([(errors < threshold).mean() for threshold in thresholds])),
    }


def figures_by_action(
    found: np.ndarray, truth: np.ndarray, actions: np.ndarray
) -> dict[str, dict[str, float]]:
    """`figures_3d` of each action, and as ``mean`` their mean, every action counting the same.

    actions: (N,) names.
    """
    names = sorted(set(actions.tolist()))
    rows = {name: figures_3d(found[actions == name], truth[actions == name]) for name in names}
    mean = {key: float(np.mean([row[key] for row in rows.values()])) for key in rows[names[0]]}
    return {**rows, "mean": mean}
