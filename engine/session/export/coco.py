"""COCO keypoint results: one JSON list, an entry for each frame with somebody in it."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import numpy as np

from engine.session.export.rows import formatted, write_text
from engine.session.export.take import Progress, Take
from engine.session.joint_scores import keypoints_as
from engine.skeleton import COCO17

_KEYPOINTS = ", ".join(["%.2f, %.2f, %.4f"] * len(COCO17))
_ENTRY = f'{{"image_id": %d, "category_id": 1, "keypoints": [{_KEYPOINTS}], "score": %.4f}}'


def write(take: Take, path: Path, progress: Progress) -> None:
    values = _values(take)
    first, others = formatted(_ENTRY, values[:1]), formatted(",\n" + _ENTRY, values[1:])
    rows = chain(first, others, ["\n]\n"])
    write_text(path, "[\n", rows, len(values) + 1, progress)


def _values(take: Take) -> np.ndarray:
    """(N, 1 + 51 + 1): image_id, x y score of each keypoint (zeros where missing), their mean."""
    points, scores = keypoints_as(take.recording, COCO17.keypoints)
    there = np.isfinite(scores).any(axis=1)
    points, scores, known = points[there], scores[there], np.isfinite(scores[there])
    mean = np.where(known, scores, 0).sum(axis=1) / known.sum(axis=1)
    triples = np.nan_to_num(np.concatenate([points, scores[..., None]], axis=-1))
    image_id = take.recording.frame_index[there]
    return np.column_stack([image_id, triples.reshape(-1, 3 * len(COCO17)), mean])
