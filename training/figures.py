"""Which figures a set of pictures is measured by, as its field does, from what was found in it.

Knows pictures and metrics; no networks and no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from training.datasets.labels import Picture
from training.metrics import pck_hits, pckh_hits, percent, percent_by_joint
from training.oks import average_precision

JOINTS = ("head_top", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")


def measured_by(pictures: Sequence[Picture]) -> str:
    """``AP`` where areas are known, ``PCKh@0.5`` where head sizes are, else ``PCK@0.2``."""
    if any(picture.skeleton.name == "coco17" for picture in pictures):
        return "AP"
    return "PCKh@0.5" if any(p.head_size > 0 for p in pictures) else "PCK@0.2"


def figures(
    pictures: Sequence[Picture],
    found: np.ndarray,
    scores: np.ndarray,
    annotations: Mapping[str, Any] | None = None,
) -> dict[str, float]:
    """Percent, in the order of a table: ``n`` pictures, the headline, and what it is made of.

    found: (N, K, 2) picture pixels; scores: (N, K); annotations: see `average_precision`.
    """
    kind = measured_by(pictures)
    if kind == "AP":
        return {"n": len(pictures), **average_precision(pictures, found, scores, annotations)}
    truth = np.stack([picture.keypoints for picture in pictures])
    labelled = np.stack([picture.labelled for picture in pictures])
    if kind == "PCK@0.2":
        hits = pck_hits(found, truth, labelled)
        return _table(hits, {"all": percent(hits)}, pictures)
    heads = np.array([picture.head_size for picture in pictures])
    hits = pckh_hits(found, truth, labelled, heads)
    strict = pckh_hits(found, truth, labelled, heads, 0.1)
    return _table(hits, {"all": percent(hits), "all@0.1": percent(strict)}, pictures)


def _table(
    hits: np.ndarray, headline: dict[str, float], pictures: Sequence[Picture]
) -> dict[str, float]:
    joints = percent_by_joint(hits, pictures[0].skeleton)
    count = float(np.isfinite(hits).any(axis=1).sum())
    return {"n": count, **headline, **{key: joints[key] for key in JOINTS if key in joints}}


def headline(row: Mapping[str, float]) -> float:
    """The one figure of a row of `figures`."""
    return row["AP"] if "AP" in row else row["all"]


def errors(pictures: Sequence[Picture], found: np.ndarray) -> np.ndarray:
    """(N,) mean distance to the labelled keypoints, in units of the person's own extent."""
    values = []
    for picture, keypoints in zip(pictures, found, strict=True):
        truth = picture.keypoints[picture.labelled]
        extent = max(float(np.ptp(truth, axis=0).max()), 1.0) if len(truth) else 1.0
        distances = np.linalg.norm(keypoints[picture.labelled] - truth, axis=1)
        values.append(float(distances.mean()) / extent if len(truth) else 0.0)
    return np.array(values)
