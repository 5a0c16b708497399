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

from engine.skeleton import COCO17, LIMB_JOINTS, MPII16
from training.datasets.picture_sets import load_pictures
from training.datasets.pictures import everyday, mistakes

# Every n-th picture of a kind, in the order of the file, is held out
HELD_OUT = {**everyday.HELD_OUT, "coco": 1, "rendered": 10}
SCENE_LICENCES = (
    "Weights: Apache-2.0. Pictures of Stanford 40 Actions, Human Action Recognition (Kaggle),"
    " MPII Human Pose, free-exercise-db, others and of rooms are their authors': research use."
)
BEYOND = 0.08  # of the joints' extent, that a person is larger than them, each way


TRIES, PART = 10, (0.2, 0.6)  # windows looked at for an empty one, and their sides as shares

Window = tuple[int, int, int, int]  # x1, y1, x2, y2, pixels


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


def load_scenes(folders: Sequence[Path], learning: bool = True) -> dict[str, Scenes]:
    """By kind: ``people`` in everyday pictures, ``lone`` ones in crops, empty ``rooms``, ``nobody``
    in pictures of anything, and ``coco``, carefully labelled and all held out; to learn from, also
    people ``rendered`` before webcams.

    learning: with the pictures to learn from, which take 4 GiB of memory. Raises FileNotFoundError
    where a zip is missing.
    """
    crops = load_pictures(folders, "lsp_extended")[0] if learning else []
    whole = find_file(folders, "whole_pictures.zip")
    scenes = {
        "people": read_scenes(find_file(folders, "people.zip"), "people", learning),
        "lone": Scenes([_lone(p.image(), p.keypoints, p.labelled) for p in crops], []),
        "rooms": read_scenes(find_file(folders, "rooms.zip"), "rooms", learning),
        "nobody": read_scenes(whole, "nobody", learning, somebody=False),
        "coco": read_scenes(whole, "coco", learning, somebody=True),
    }
    if learning:
        rendered = find_file(
            folders, "webcams.zip", "`python -m training.synthetic.webcams` makes it"
        )
        scenes["rendered"] = read_scenes(rendered, "rendered", learning)
    return scenes


def load_mistakes(folders: Sequence[Path]) -> tuple[list[Scene], np.ndarray]:
    """What was taken for a person, and how often each is drawn, (N,): the surer, the oftener.

    Raises FileNotFoundError where there is no such file, ValueError where it is damaged.
    """
    path = find_file(folders, mistakes.FILE, mistakes.ORIGIN)
    try:
        found = list(mistakes.read(path))
    except (zipfile.BadZipFile, KeyError, TypeError) as odd:
        raise ValueError(f"{path} cannot be read ({odd!r}): {mistakes.ORIGIN}.") from odd
    scores = np.array([one.box.score for one in found])
    return [nobody_in(decoded(one.encoded, path)) for one in found], scores / scores.sum()


def find_file(
    folders: Sequence[Path], name: str, origin: str = "it is part of the shared data"
) -> Path:
    """The file in the first folder that has it. Raises FileNotFoundError with its origin."""
    found = [folder / name for folder in folders if (folder / name).is_file()]
    if not found:
        searched = " or ".join(map(str, folders))
        raise FileNotFoundError(f"No {name} in {searched}: {origin}.")
    return found[0]


def read_scenes(path: Path, kind: str, learning: bool, somebody: bool | None = None) -> Scenes:
    """The pictures of one kind in a zip, see `load_scenes`; somebody: only those with labelled
    people, or only those without.
    """
    scenes = Scenes([], [])
    with zipfile.ZipFile(path) as archive:
        content = json.loads(archive.read("annotations.json"))
        people: dict[int, list[dict[str, Any]]] = {image["id"]: [] for image in content["images"]}
        for person in content.get("annotations", []):
            people[person["image_id"]].append(person)
        images = (i for i in content["images"] if somebody in (None, bool(people[i["id"]])))
        for index, image in enumerate(images):
            held_out = index % HELD_OUT[kind] == 0
            if held_out or learning:
                scene = _scene(decoded(archive.read(image["file_name"]), path), people[image["id"]])
                (scenes.held_out if held_out else scenes.training).append(scene)
    return scenes


def decoded(encoded: bytes, path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB of a picture in the file at ``path``. Raises ValueError."""
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
    for name in LIMB_JOINTS:
        if labelled[MPII16.index(name)]:
            points[0, COCO17.index(name)] = keypoints[MPII16.index(name)]
    everything = np.array([[0, 0, width, height]], np.float32)
    return Scene(image, box[None].astype(np.float32), points, everything)


def empty_window(scene: Scene, rng: np.random.Generator) -> Window | None:
    """A part of the scene in which nobody is, if one is soon found."""
    height, width = scene.image.shape[:2]
    people = np.concatenate([scene.boxes, scene.unknown])
    for _ in range(TRIES):
        share = rng.uniform(*PART, 2)
        corner = rng.uniform(0, 1 - share) * [width, height]
        x1, y1, x2, y2 = np.concatenate([corner, corner + share * [width, height]]).astype(int)
        apart = (people[:, :2] > [x2, y2]) | (people[:, 2:] < [x1, y1])
        if apart.any(axis=1).all():
            return int(x1), int(y1), int(x2), int(y2)
    return None


def part_of(scene: Scene, window: Window) -> Scene:
    """What is in a window in which nobody is."""
    x1, y1, x2, y2 = window
    return nobody_in(scene.image[y1:y2, x1:x2])


def nobody_in(image: np.ndarray) -> Scene:
    nobody = np.zeros((0, 4), np.float32)
    return Scene(image, nobody, np.zeros((0, len(COCO17), 2), np.float32), nobody)
