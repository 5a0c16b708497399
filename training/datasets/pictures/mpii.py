"""MPII Human Pose (Andriluka, CVPR 2014), from its .mat release or the widely used JSON.

The JSON (``annot/train.json`` and ``valid.json``, as HRNet's code has them) carries the split of
Tompson 2015 that the papers validate on; the release alone names no validation people, so every
ninth picture is held out. Head sizes, for PCKh, come from the release or from ``gt_valid.mat``.
Knows no networks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat

from engine.skeleton import MPII16
from engine.types import Box
from training.datasets.pictures.labels import Picture, Split, needed

RELEASE = "mpii_human_pose_v1_u12_1.mat"
HEAD_SHARE = 0.6  # of the head box's diagonal is the head size
HELD_OUT = 9  # every how many-th picture, where only the release is there

Entry = dict[str, Any]  # one person, in the words of the JSON, and "head": pixels


def read_mpii(folder: Path) -> Split:
    """(training, validation) people of the labelled pictures in ``folder/images``.

    What MPII does not label in a labelled person is out of sight: it has weight 1, so that its
    target is all zero (Newell 2016, section 4.3). Raises FileNotFoundError.
    """
    images = needed(folder, "images")
    releases = (RELEASE, f"annot/{RELEASE}", f"mpii_human_pose_v1_u12_2/{RELEASE}")
    annotations = needed(folder, "annot/train.json", *releases)
    released = list(_release(needed(folder, *releases))) if _any(folder, releases) else []
    if annotations.suffix == ".json":
        training, validation = _json(folder, released)
    else:
        training, validation = _hold_out(released)
    return (
        [_picture(entry, images, number) for number, entry in enumerate(training)],
        [_picture(entry, images, number) for number, entry in enumerate(validation)],
    )


def _any(folder: Path, places: tuple[str, ...]) -> bool:
    return any((folder / place).exists() for place in places)


def _picture(entry: Entry, images: Path, number: int) -> Picture:
    """joints (16, 2) and center (2,) count pixels from 1; scale is the person's height / 200 px.

    The box is that of all implementations: 15 scales further down, 200 scales a side.
    """
    joints, labelled = np.array(entry["joints"], float), np.array(entry["joints_vis"]) > 0
    half = 100 * entry["scale"]
    x, y = entry["center"][0] - 1, entry["center"][1] + 15 * entry["scale"] - 1
    return Picture(
        "mpii",
        images / entry["image"],
        np.where(labelled[:, None], joints - 1, 0).astype(np.float32),
        labelled,
        np.ones(len(MPII16), np.float32),
        box=Box(x - half, y - half, x + half, y + half),
        head_size=entry["head"],
        image_id=number,
    )


def _json(folder: Path, released: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    heads = {_key(entry): entry["head"] for entry in released}
    training, validation = (
        json.loads(needed(folder, f"annot/{part}.json").read_text()) for part in ("train", "valid")
    )
    for entry in (*training, *validation):
        entry["head"] = heads.get(_key(entry), np.nan)
    head_boxes = folder / "annot/gt_valid.mat"
    if head_boxes.exists():
        first, second = loadmat(head_boxes)["headboxes_src"].astype(float)  # (2, N) corners
        for entry, corner, opposite in zip(validation, first.T, second.T, strict=True):
            entry["head"] = _head_size(*corner, *opposite)
    return training, validation


def _key(entry: Entry) -> tuple[str, int, int]:
    """The same person in the JSON and in the release."""
    return entry["image"], round(entry["center"][0]), round(entry["center"][1])


def _hold_out(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    held_out = set(sorted({entry["image"] for entry in entries})[::HELD_OUT])
    return (
        [entry for entry in entries if entry["image"] not in held_out],
        [entry for entry in entries if entry["image"] in held_out],
    )


def _head_size(x1: float, y1: float, x2: float, y2: float) -> float:
    return float(HEAD_SHARE * np.hypot(x2 - x1, y2 - y1))


def _release(path: Path) -> Iterator[Entry]:
    """The people of the training pictures that have joints, a centre and a scale."""
    release = loadmat(path, squeeze_me=True, struct_as_record=False)["RELEASE"]
    pictures = np.atleast_1d(release.annolist)
    for picture, training in zip(pictures, np.atleast_1d(release.img_train), strict=True):
        for person in np.atleast_1d(picture.annorect) if training else ():
            points = getattr(getattr(person, "annopoints", None), "point", None)
            centre = getattr(person, "objpos", None)
            if points is not None and hasattr(centre, "x") and np.size(person.scale):
                yield _entry(str(picture.image.name), person, np.atleast_1d(points))


def _entry(image: str, person: Any, points: np.ndarray) -> Entry:
    joints, labelled = np.zeros((len(MPII16), 2)), np.zeros(len(MPII16))
    for point in points:
        joints[int(point.id)], labelled[int(point.id)] = (point.x, point.y), 1
    return {
        "image": image,
        "joints": joints,
        "joints_vis": labelled,
        "center": (float(person.objpos.x), float(person.objpos.y)),
        "scale": float(person.scale),
        "head": _head_size(*(float(getattr(person, name)) for name in ("x1", "y1", "x2", "y2"))),
    }
