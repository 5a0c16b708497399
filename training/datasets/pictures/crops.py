"""The shared picture sets: zips of person crops with COCO-style annotations, read in place.

What a set does not label is masked in the loss, except in the renders, which know what is out of
sight. Knows no networks.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from training.datasets.pictures.labels import Names, Picture, Split, arrange

ALIKE = 0.9  # correlation of two thumbnails above which they show the same picture


def read_crops(
    path: Path, source: str, names: Names, held_out: int | None, unseen_is_known: bool = False
) -> Split:
    """(training, validation) of one zip: every n-th picture, about ``held_out`` in all, is kept
    back, and what looks like one of them is left out (LSP-extended has doubles).

    source: one that ends in ``empty`` takes the pictures without a person, any other those with
    one; held_out: None keeps all of them back.
    """
    pictures = _read_zip(path, source, names, unseen_is_known)
    pictures = [p for p in pictures if p.labelled.any() != source.endswith("empty")]
    if held_out is None:
        return [], pictures
    every = max(len(pictures) // held_out, 1)
    validation = pictures[::every]
    training = [picture for i, picture in enumerate(pictures) if i % every]
    return unlike(training, validation), validation


def unlike(training: Sequence[Picture], validation: Sequence[Picture]) -> list[Picture]:
    """The training pictures that look like none of the validation's."""
    alike = (_thumbnails(training) @ _thumbnails(validation).T).max(axis=1)
    return [p for p, a in zip(training, alike, strict=True) if a < ALIKE]


def _read_zip(path: Path, source: str, names: Names, unseen_is_known: bool) -> list[Picture]:
    pictures = []
    with zipfile.ZipFile(path) as archive:
        content = json.loads(archive.read("annotations.json"))
        order = content["categories"][0]["keypoints"]
        images = {image["id"]: image for image in content["images"]}
        for annotation in content["annotations"]:
            raw = np.array(annotation["keypoints"], np.float32).reshape(-1, 3)
            keypoints, labelled = arrange(raw, order, names)
            weights = np.ones_like(labelled) if unseen_is_known else labelled
            image = images[annotation["image_id"]]
            picture = Picture(
                source,
                archive.read(image["file_name"]),
                keypoints,
                labelled,
                weights.astype(np.float32),
                image_id=image["id"],
                framing=image.get("source", {}).get("framing", ""),
            )
            pictures.append(picture)
    return pictures


def _thumbnails(pictures: Sequence[Picture]) -> np.ndarray:
    """(N, 576) float32 of mean 0 and length 1: their products are correlations of the pictures."""
    grey = [cv2.cvtColor(picture.image(), cv2.COLOR_RGB2GRAY) for picture in pictures]
    small = [
        cv2.resize(np.asarray(image), (24, 24), interpolation=cv2.INTER_AREA) for image in grey
    ]
    flat = np.stack(small).reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6))
