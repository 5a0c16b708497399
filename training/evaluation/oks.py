"""COCO's average precision of keypoints by object keypoint similarity, through faster-coco-eval.

Knows pictures and what was found in them; no networks and no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster

from engine.skeleton import COCO17
from training.datasets.pictures.labels import Picture

# Per keypoint: how far off people themselves are, in units of the square root of the area (COCO).
SIGMAS = np.array(
    [.26, .25, .25, .35, .35, .79, .79, .72, .72, .62, .62, 1.07, 1.07, .87, .87, .89, .89]
) / 10  # fmt: skip
COUNTED_FROM = 0.2  # scores that make up a person's score (HRNet's test, in_vis_thre)
DOUBLE_FROM = 0.9  # similarity above which two people are one (HRNet's test, oks_thre)
NAMES = ("AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm", "ARl")
PERSON = {"id": 1, "name": "person", "keypoints": list(COCO17.keypoints), "skeleton": []}


def oks(found: np.ndarray, truth: np.ndarray, labelled: np.ndarray, area: float) -> np.ndarray:
    """Similarity (N,) of poses (N, 17, 2) to one of (17, 2): the mean of exp(-e) over labelled
    joints, e = d² / (2σ)² / (area + eps) / 2.
    """
    square = ((found - truth) ** 2).sum(axis=-1)
    e = square / (2 * SIGMAS) ** 2 / (area + np.spacing(1)) / 2
    return np.asarray(np.exp(-e)[..., labelled].mean(axis=-1))


def person_scores(pictures: Sequence[Picture], scores: np.ndarray) -> np.ndarray:
    """(N,): the box's score times the mean of the keypoints' scores (N, 17) that are above 0.2."""
    sure = scores > COUNTED_FROM
    means = (scores * sure).sum(axis=1) / np.maximum(sure.sum(axis=1), 1)
    return np.asarray(means * [picture.box.score if picture.box else 1.0 for picture in pictures])


def average_precision(
    pictures: Sequence[Picture],
    found: np.ndarray,
    scores: np.ndarray,
    annotations: Mapping[str, Any] | None = None,
) -> dict[str, float]:
    """AP and AR in percent over OKS .50:.05:.95, of found (N, 17, 2) pixels and scores (N, 17).

    annotations: the content of COCO's own file where the boxes are a detector's; else the labels
    of the pictures are the truth, each person cut by their own box.
    """
    truth = _quiet(annotations or _annotations(pictures))
    sure = person_scores(pictures, scores)
    kept = range(len(pictures)) if annotations is None else _without_doubles(pictures, found, sure)
    results = [
        {
            "image_id": pictures[i].image_id,
            "category_id": PERSON["id"],
            "keypoints": np.column_stack([found[i], scores[i]]).ravel().tolist(),
            "score": float(sure[i]),
        }
        for i in kept
    ]
    evaluation = COCOeval_faster(truth, truth.loadRes(results), "keypoints", print_function=_silent)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    return {name: 100 * float(evaluation.stats[i]) for i, name in enumerate(NAMES)}


def _silent(*_: object) -> None:
    """What the evaluator says on the way is said by the table."""


def _quiet(dataset: Mapping[str, Any]) -> Any:
    return COCO(dataset, print_function=_silent)


def _annotations(pictures: Sequence[Picture]) -> dict[str, Any]:
    """The labels of pictures as a file of COCO states them."""
    people = []
    for i, picture in enumerate(pictures):
        x, y = picture.keypoints.T
        flags = 2 * picture.labelled
        people.append(
            {
                "id": i + 1,
                "image_id": picture.image_id,
                "category_id": PERSON["id"],
                "iscrowd": 0,
                "area": float(picture.area),
                "bbox": _bbox(picture),
                "keypoints": np.column_stack([x, y, flags]).ravel().tolist(),
                "num_keypoints": int(picture.labelled.sum()),
            }
        )
    images = [{"id": number} for number in sorted({p.image_id for p in pictures})]
    return {"images": images, "annotations": people, "categories": [PERSON]}


def _bbox(picture: Picture) -> list[float]:
    box = picture.box
    assert box is not None
    return [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1]


def _without_doubles(pictures: Sequence[Picture], found: np.ndarray, sure: np.ndarray) -> list[int]:
    """The people left when of two alike in one picture the surer one stays (OKS-NMS)."""
    everywhere = np.ones(len(COCO17), bool)
    kept: dict[int, list[int]] = {}
    for i in np.argsort(-sure, kind="stable"):
        others = kept.setdefault(pictures[i].image_id, [])
        sizes = [np.prod(_bbox(pictures[other])[2:]) for other in (*others, i)]
        alike = (
            oks(found[i], found[other], everywhere, float(size + sizes[-1]) / 2)
            for other, size in zip(others, sizes, strict=False)
        )
        if not any(value > DOUBLE_FROM for value in alike):
            others.append(int(i))
    return [i for others in kept.values() for i in others]
