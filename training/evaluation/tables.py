"""A backbone on held-out sets: which, and the tables of its figures.

A set whose name begins with ``full_`` is measured on whole pictures that the program searches.
Knows no files but the data sets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.keypoints.backbone import calibrated
from engine.keypoints.heatmaps import Decoding
from training.datasets.picture_sets import PHOTOS, load_pictures
from training.evaluation.calibration import REPORTED, groups
from training.evaluation.evaluator import Backbone, Evaluated, evaluate_pictures
from training.evaluation.figures import AGREEMENT, Tables, measured_by, right

FULL = "full_"  # before a set's name: whole pictures, searched by the program
SEARCHED = [
    FULL + name for name in (*PHOTOS, "renders", "renders_empty", "rooms", "synthetic", "empty")
]
DEFAULT_SETS = {
    "mpii16": [*PHOTOS, "people", "renders", *SEARCHED[:6]],
    "coco17": ["coco_keypoints"],
}
SAME = 0.1  # percent


def evaluate_set(
    backbone: Backbone,
    name: str,
    folders: Sequence[Path],
    flip: bool = False,
    decoding: Decoding = "quarter",
) -> Evaluated:
    """A backbone on what is held out of the set of that name, which may begin with `FULL`.

    Raises FileNotFoundError where it is missing, ValueError as `evaluate_pictures` does.
    """
    pictures = load_pictures(folders, name.removeprefix(FULL))[1]
    annotations = _official_annotations(folders) if name == "coco_detections" else None
    return evaluate_pictures(
        backbone, pictures, flip, decoding, annotations, searched=name.startswith(FULL)
    )


def _official_annotations(folders: Sequence[Path]) -> dict[str, Any]:
    """COCO's own, which detected people are measured against."""
    place = "coco/annotations/person_keypoints_val2017.json"
    path = next(folder / place for folder in folders if (folder / place).exists())
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def tables(evaluated: Mapping[str, Evaluated]) -> Tables:
    """The figures of each set, and of each framing in it as ``SET_FRAMING``, by metric."""
    result: Tables = {}
    for name, part in _with_framings(evaluated).items():
        for metric, row in part.rows().items():
            result.setdefault(metric, {})[name] = row
    return result


def _with_framings(evaluated: Mapping[str, Evaluated]) -> dict[str, Evaluated]:
    parts: dict[str, Evaluated] = {}
    for name, whole in evaluated.items():
        framings = np.array([picture.framing for picture in whole.pictures])
        named = sorted(set(framings.tolist()) - {""})
        parts |= {name: whole} | {f"{name}_{f}": whole.part(framings == f) for f in named}
    return parts


def differences(found: Tables, stated: Mapping[str, Any]) -> list[str]:
    """Where ``found`` is not what a model.json's ``metrics`` state, to a tenth; in words."""
    return [
        f"{metric} {name} {key}: {value} here, {known} there"
        for metric, rows in found.items()
        for name, row in rows.items()
        for key, value in row.items()
        if (known := stated.get(metric, {}).get(name, {}).get(key)) is not None
        and abs(known - value) > SAME + 1e-6
    ]


def pooled(evaluated: Sequence[Evaluated], half: slice) -> tuple[np.ndarray, np.ndarray]:
    """Of the crops in one half of each set: heatmap peaks and whether they are right, (M,).

    Sets with machine-made labels are left out: only what that network was sure of is labelled.
    """
    crops = [
        part
        for part in evaluated
        if part.peaks is not None and measured_by(part.pictures) != AGREEMENT
    ]
    peaks = [part.peaks[half].ravel() for part in crops if part.peaks is not None]
    outcomes = [right(part.pictures, part.found)[half].ravel() for part in crops]
    return np.concatenate(peaks), np.concatenate(outcomes)


def reliability(
    evaluated: Sequence[Evaluated], calibration: Sequence[tuple[float, float]]
) -> dict[str, list[list[float]]]:
    """Of the crops in the reported half, all sets together: groups of keypoints as [mean, share
    that is right, count], by ``peaks`` and by the ``scores`` that the calibration makes of them.
    """
    peaks, outcomes = pooled(evaluated, REPORTED)
    kinds = {"peaks": peaks, "scores": calibrated(peaks, calibration)}
    return {
        kind: [[round(g.peak, 3), round(g.share, 3), g.count] for g in groups(values, outcomes)]
        for kind, values in kinds.items()
    }
