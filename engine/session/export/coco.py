"""COCO keypoint results: one JSON list, an entry for each frame and person in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from engine.session.export.everybody import texts
from engine.session.export.rows import write_text
from engine.session.export.take import Progress, Take
from engine.session.joint_scores import keypoints_as
from engine.session.recording import Recording
from engine.skeleton import COCO17

_KEYPOINTS = ", ".join(["%.2f, %.2f, %.4f"] * len(COCO17))
_POSE = f'"keypoints": [{_KEYPOINTS}], "score": %.4f'


def write(take: Take, path: Path, progress: Progress) -> None:
    most = len(take.recording.timestamps) + int(take.recording.bystanders.sum())
    separated = (",\n" * (n > 0) + entry for n, entry in enumerate(_entries(take.recording)))
    write_text(path, "[\n", chain(separated, ["\n]\n"]), most + 1, progress)


def _entries(recording: Recording) -> Iterator[str]:
    people = texts(recording, _POSE, _values)
    for image, frame in zip(recording.frame_index.tolist(), people, strict=True):
        for who, pose in frame:
            yield f'{{"image_id": {image}, "category_id": 1, {pose}, "track_id": {who}}}'


def _values(person: Recording) -> tuple[np.ndarray, np.ndarray]:
    """(T, 51 + 1): x y score of each keypoint, zeros where missing, and their mean; who has any."""
    points, scores = keypoints_as(person, COCO17.keypoints)
    known = np.isfinite(scores)
    mean = np.where(known, scores, 0).sum(axis=1) / known.sum(axis=1).clip(min=1)
    triples = np.nan_to_num(np.concatenate([points, scores[..., None]], axis=-1))
    values = np.column_stack([triples.reshape(-1, 3 * len(COCO17)), mean])
    return values, np.asarray(known.any(axis=1))
