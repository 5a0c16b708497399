"""COCO keypoints 2017 (Lin, ECCV 2014): people in their own 17 keypoints, cut by true or detected
boxes.

Knows no networks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.skeleton import COCO17, MPII16
from engine.types import Box
from training.datasets.pictures.labels import Names, Picture, Split, needed

DETECTIONS = "COCO_val2017_detections_AP_H_56_person.json"  # published with SimpleBaseline
PERSON = 1  # the category

# COCO's keypoints as MPII-16: there is neither a neck nor a head top.
AS_MPII: Names = {
    name: (name,) for name in MPII16.keypoints if name.startswith(("left_", "right_"))
}
AS_MPII |= {"pelvis": ("right_hip", "left_hip"), "thorax": ("right_shoulder", "left_shoulder")}


def read_coco(folder: Path) -> Split:
    """The labelled people of train2017 and of val2017, in their true boxes.

    As in HRNet's code, crowds and people without one labelled keypoint are left out. Raises
    FileNotFoundError.
    """
    return _labelled_people(folder, "train2017"), _labelled_people(folder, "val2017")


def read_coco_detections(folder: Path) -> Split:
    """Nothing to train on; people as a detector found them in val2017, without labels.

    The box carries the detector's score, the picture its id: what COCO's AP is computed from.
    """
    images = _images(folder, "val2017", _annotations(folder, "val2017"))
    path = needed(folder, f"person_detection_results/{DETECTIONS}", DETECTIONS)
    found = [d for d in json.loads(path.read_text()) if d["category_id"] == PERSON]
    unlabelled = np.zeros((len(COCO17), 3))
    return [], [
        _picture(images[d["image_id"]], unlabelled, d, d["score"])
        for d in found
        if d["image_id"] in images and min(d["bbox"][2:]) > 0
    ]


def _labelled_people(folder: Path, part: str) -> list[Picture]:
    content, people = _annotations(folder, part), []
    images = _images(folder, part, content)
    for entry in content["annotations"]:
        raw = np.array(entry["keypoints"], np.float32).reshape(-1, 3)
        if not entry["iscrowd"] and entry["area"] > 0 and (raw[:, 2] > 0).any():
            people.append(_picture(images[entry["image_id"]], raw, entry))
    return people


def _annotations(folder: Path, part: str) -> dict[str, Any]:
    path = needed(folder, f"annotations/person_keypoints_{part}.json")
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def _images(folder: Path, part: str, content: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """By id, each with its ``path``."""
    pictures = needed(folder, part, f"images/{part}")
    images = content["images"]
    return {image["id"]: image | {"path": pictures / image["file_name"]} for image in images}


def _picture(
    image: Mapping[str, Any], raw: np.ndarray, entry: Mapping[str, Any], score: float = 1.0
) -> Picture:
    """raw: (17, 3) x, y and v, 0 where not labelled; entry: its ``bbox`` x, y, w, h is cut to the
    picture.
    """
    labelled = raw[:, 2] > 0
    x, y, width, height = entry["bbox"]
    x1, y1 = max(0.0, x), max(0.0, y)
    x2, y2 = min(image["width"] - 1, x1 + width - 1), min(image["height"] - 1, y1 + height - 1)
    return Picture(
        "coco_keypoints",
        image["path"],
        np.where(labelled[:, None], raw[:, :2], 0).astype(np.float32),
        labelled,
        labelled.astype(np.float32),
        COCO17,
        Box(x1, y1, max(x1, x2), max(y1, y2), score),
        area=entry.get("area", np.nan),
        image_id=image["id"],
    )
