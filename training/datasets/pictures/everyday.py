"""Everyday people, whose labels are machine-made, and pictures of nobody: zips, read in place.

A figure on these people is agreement with those labels, not truth. Knows no networks.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.people.person_box import box_around
from engine.skeleton import MPII16
from engine.types import Box
from training.datasets.pictures.coco import AS_MPII
from training.datasets.pictures.crops import unlike
from training.datasets.pictures.labels import Picture, Split, arrange

HELD_OUT = {"people": 10, "rooms": 10, "nobody": 5}  # every n-th picture is kept back

Views = tuple[Picture, Picture]  # one person as the program first sees and as it follows somebody


def read_people(path: Path) -> Split:
    """(training, validation): everybody with a labelled joint. People of one picture stay together.

    A held-out person is cut by the detectors' box, which does not tell where the labelled joints
    are. In training everybody is there twice, see `_views`.
    """
    pictures: dict[int, list[Views]] = {}
    for views in _everybody(path):
        pictures.setdefault(views[0].image_id, []).append(views)
    kept, held_out = _split([people[0][0] for people in pictures.values()])
    training = [view for first in kept for views in pictures[first.image_id] for view in views]
    return training, [found for first in held_out for found, _ in pictures[first.image_id]]


def read_rooms(path: Path) -> Split:
    """(training, validation): pictures of which it is known that no joint is in them."""
    return _split(_nobody("rooms", path))


def read_nobody(path: Path) -> Split:
    """(training, validation): likewise, of anything; those in which nobody is labelled."""
    return _split(_nobody("nobody", path))


def _nobody(source: str, path: Path) -> list[Picture]:
    nowhere, unlabelled = np.zeros((len(MPII16), 2), np.float32), np.zeros(len(MPII16), bool)
    empty = Picture(source, path, nowhere, unlabelled, np.ones(len(MPII16), np.float32))
    with zipfile.ZipFile(path) as archive:
        content = json.loads(archive.read("annotations.json"))
        people = {entry["image_id"] for entry in content.get("annotations", [])}
        images = [image for image in content["images"] if image["id"] not in people]
        encoded = {image["id"]: archive.read(image["file_name"]) for image in images}
    return [replace(empty, encoded=e, image_id=number) for number, e in encoded.items()]


def _everybody(path: Path) -> Iterator[Views]:
    """Who has a joint of MPII-16 labelled and is not to be ignored."""
    with zipfile.ZipFile(path) as archive:
        content = json.loads(archive.read("annotations.json"))
        encoded = {image["id"]: archive.read(image["file_name"]) for image in content["images"]}
    order = content["categories"][0]["keypoints"]
    for entry in content["annotations"]:
        if "keypoints" in entry and not entry.get("ignore"):
            views = _views(entry, order, encoded[entry["image_id"]])
            if views[0].labelled.any():
                yield views


def _views(entry: Mapping[str, Any], order: Sequence[str], encoded: bytes) -> Views:
    """In the detectors' box, and in the box around all labelled key points, the face's too."""
    raw = np.array(entry["keypoints"], np.float32).reshape(-1, 3)
    keypoints, labelled = arrange(raw, order, AS_MPII)
    x, y, width, height = entry["bbox"]
    found = Picture(
        "people",
        encoded,
        keypoints,
        labelled,
        labelled.astype(np.float32),
        box=Box(x, y, x + width, y + height, entry["score"]),
        image_id=entry["image_id"],
        machine_made=True,
    )
    return found, replace(found, box=box_around(raw[raw[:, 2] > 0, :2]))


def _split(pictures: list[Picture]) -> Split:
    """Every n-th is held out, and what looks like one of those is left out."""
    every = HELD_OUT[pictures[0].source]
    held_out = pictures[::every]
    rest = [picture for i, picture in enumerate(pictures) if i % every]
    return unlike(rest, held_out), held_out
