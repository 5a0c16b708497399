"""Whole pictures with the people in them, as a finder learns from: what lies in the shared zips.

Knows which pictures are held out and where not everybody is labelled; no cameras, no networks.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine.skeleton import COCO17, MPII16
from training.datasets.pictures import load_pictures

HELD_OUT = {"people": 10, "rooms": 10, "nobody": 5}  # every n-th picture, in the order of the file
JOINTS = [name for name in COCO17.keypoints if name in MPII16.keypoints]  # both skeletons' own
BEYOND = 0.08  # of the joints' extent, that a person is larger than them, each way


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture and who is in it, in its pixels."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    boxes: np.ndarray  # (M, 4) float32 x1, y1, x2, y2
    points: np.ndarray  # (M, 17, 2) float32, NaN where not known
    unknown: np.ndarray  # (U, 4) float32, boxes in which nobody knows whether there is a person


@dataclass(frozen=True)
class Scenes:
    """The pictures of one kind: to learn from, and held out."""

    training: list[Scene]
    held_out: list[Scene]


def load_scenes(folders: Sequence[Path]) -> dict[str, Scenes]:
    """By kind: ``people`` in everyday pictures, ``lone`` ones in crops, empty ``rooms``, ``nobody``
    in pictures of anything, and ``coco``, carefully labelled and all held out.

    Takes about 3 GiB of memory. Raises FileNotFoundError where a zip is missing.
    """
    whole = _read(_find(folders, "whole_pictures.zip"))
    nobody, coco = ([s for s in whole if (len(s.boxes) > 0) == there] for there in (False, True))
    crops = load_pictures(folders, "lsp_extended")[0]
    return {
        "people": _split("people", _read(_find(folders, "people.zip"))),
        "rooms": _split("rooms", _read(_find(folders, "rooms.zip"))),
        "nobody": _split("nobody", nobody),
        "lone": Scenes([_lone(p.image(), p.keypoints, p.labelled) for p in crops], []),
        "coco": Scenes([], coco),
    }


def _split(kind: str, scenes: list[Scene]) -> Scenes:
    every = HELD_OUT[kind]
    return Scenes([s for i, s in enumerate(scenes) if i % every], scenes[::every])


def _find(folders: Sequence[Path], name: str) -> Path:
    found = [folder / name for folder in folders if (folder / name).is_file()]
    if not found:
        searched = " or ".join(map(str, folders))
        raise FileNotFoundError(f"No {name} in {searched}: it is part of the shared data.")
    return found[0]


def _read(path: Path) -> list[Scene]:
    """In the order of the file."""
    with zipfile.ZipFile(path) as archive:
        content = json.loads(archive.read("annotations.json"))
        people: dict[int, list[dict[str, Any]]] = {image["id"]: [] for image in content["images"]}
        for person in content.get("annotations", []):
            people[person["image_id"]].append(person)
        return [
            _scene(_decode(archive.read(image["file_name"]), path), people[image["id"]])
            for image in content["images"]
        ]


def _decode(encoded: bytes, path: Path) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"A picture in {path} cannot be decoded: fetch the file again.")
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def _scene(image: np.ndarray, people: list[dict[str, Any]]) -> Scene:
    boxes = np.array([p["bbox"] for p in people], np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    nothing = [0.0] * 3 * len(COCO17)
    raw = np.array([p.get("keypoints") or nothing for p in people], np.float32)
    raw = raw.reshape(-1, len(COCO17), 3)
    points = np.where(raw[..., 2:] > 0, raw[..., :2], np.nan)
    doubted = np.array([bool(p.get("ignore")) for p in people], bool)
    return Scene(image, boxes[~doubted], points[~doubted], boxes[doubted])


def _lone(image: np.ndarray, keypoints: np.ndarray, labelled: np.ndarray) -> Scene:
    """Of a person in MPII-16 joints; others may be there, so all the rest is unknown."""
    seen = keypoints[labelled]
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = BEYOND * (high - low).max()
    height, width = image.shape[:2]
    box = np.concatenate([low - margin, high + margin]).clip(0, [width, height] * 2)
    points = np.full((1, len(COCO17), 2), np.nan, np.float32)
    for name in JOINTS:
        if labelled[MPII16.index(name)]:
            points[0, COCO17.index(name)] = keypoints[MPII16.index(name)]
    everything = np.array([[0, 0, width, height]], np.float32)
    return Scene(image, box[None].astype(np.float32), points, everything)
