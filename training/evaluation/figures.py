"""Which figures a set of pictures is measured by, as its field does, from what was found in it.

Knows pictures and metrics; no networks and no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.datasets.pictures.labels import Picture
from training.evaluation.metrics import (
    head_segments,
    pck_hits,
    pckh_hits,
    percent,
    percent_by_joint,
)
from training.evaluation.oks import average_precision

JOINTS = ("head_top", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
LIMBS = JOINTS[1:]
PCK, PCKH = "PCK@0.2", "PCKh@0.5"
AGREEMENT = "agreement@0.2"  # PCK@0.2 by labels that another network made

Row = dict[str, float]
Tables = dict[str, dict[str, Row]]  # metric → pictures → figures


def measured_by(pictures: Sequence[Picture]) -> str:
    """``AP`` where areas are known, ``agreement@0.2`` where the labels are machine-made,
    ``PCKh@0.5`` where head sizes are known, else ``PCK@0.2``.
    """
    if any(picture.skeleton.name == "coco17" for picture in pictures):
        return "AP"
    if any(picture.machine_made for picture in pictures):
        return AGREEMENT
    return PCKH if any(p.head_size > 0 for p in pictures) else PCK


def figures(
    pictures: Sequence[Picture],
    found: np.ndarray,
    scores: np.ndarray,
    annotations: Mapping[str, Any] | None = None,
) -> Row:
    """Percent, in the order of a table: ``n`` pictures, the headline, and what it is made of.

    found: (N, K, 2) picture pixels, NaN where nothing was; scores: (N, K); annotations: see
    `average_precision`.
    """
    kind = measured_by(pictures)
    if kind == "AP":
        return {"n": len(pictures), **average_precision(pictures, found, scores, annotations)}
    joints, labelled = truth(pictures)
    if kind in (PCK, AGREEMENT):
        hits = pck_hits(found, joints, labelled)
        return _table(hits, {"all": percent(hits), "limbs": _limbs(hits, pictures)}, pictures)
    heads = np.array([picture.head_size for picture in pictures])
    hits = pckh_hits(found, joints, labelled, heads)
    strict = pckh_hits(found, joints, labelled, heads, 0.1)
    return _table(hits, {"all": percent(hits), "all@0.1": percent(strict)}, pictures)


def head_figures(pictures: Sequence[Picture], found: np.ndarray) -> Row:
    """PCKh in the manner of MPII where no head size is stated: half of the head segment, which
    also measures people whose torso is out of the picture.
    """
    joints, labelled = truth(pictures)
    hits = pckh_hits(found, joints, labelled, head_segments(joints, labelled))
    return _table(hits, {"all": percent(hits), "limbs": _limbs(hits, pictures)}, pictures)


def right(pictures: Sequence[Picture], found: np.ndarray) -> np.ndarray:
    """(N, K) 1 where a keypoint is right, 0 where it is wrong, NaN where that is not known.

    Right is within 0.2 of the torso, where that is out of the picture within half of the head. A
    keypoint that is known to be out of the picture (the renders say so) cannot be right.
    """
    joints, labelled = truth(pictures)
    known = np.stack([picture.weights > 0 for picture in pictures])
    near = pck_hits(found, joints, labelled)
    by_head = pckh_hits(found, joints, labelled, head_segments(joints, labelled))
    near = np.where(np.isfinite(near).any(axis=1, keepdims=True), near, by_head)
    measured = np.isfinite(near).any(axis=1, keepdims=True)
    return np.where(known & ~labelled & measured, 0.0, near)


def truth(pictures: Sequence[Picture]) -> tuple[np.ndarray, np.ndarray]:
    """Labelled keypoints (N, K, 2) and whether they are labelled (N, K)."""
    return np.stack([p.keypoints for p in pictures]), np.stack([p.labelled for p in pictures])


def headline(row: Mapping[str, float]) -> float:
    """The one figure of a row of `figures`, or of a finder's."""
    return next(row[key] for key in ("AP", "all", "big people") if key in row)


def errors(pictures: Sequence[Picture], found: np.ndarray) -> np.ndarray:
    """(N,) mean distance to the labelled keypoints, in units of the person's own extent; infinite
    where nothing was found.
    """
    values = []
    for picture, keypoints in zip(pictures, found, strict=True):
        joints = picture.keypoints[picture.labelled]
        extent = max(float(np.ptp(joints, axis=0).max()), 1.0) if len(joints) else 1.0
        distances = np.linalg.norm(keypoints[picture.labelled] - joints, axis=1)
        values.append(float(distances.mean()) / extent if len(joints) else 0.0)
    return np.asarray(np.nan_to_num(np.array(values), nan=np.inf))


def _limbs(hits: np.ndarray, pictures: Sequence[Picture]) -> float:
    """`percent` of the twelve joints of arms and legs, which all detectors have."""
    names = pictures[0].skeleton.keypoints
    return percent(hits[:, [name.split("_")[-1] in LIMBS for name in names]])


def _table(hits: np.ndarray, headline: Row, pictures: Sequence[Picture]) -> Row:
    joints = percent_by_joint(hits, pictures[0].skeleton)
    count = float(np.isfinite(hits).any(axis=1).sum())
    return {"n": count, **headline, **{key: joints[key] for key in JOINTS if key in joints}}
