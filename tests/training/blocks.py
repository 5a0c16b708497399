"""Scenes whose people are blocks of one colour, and zips of them laid out as the shared data."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine.skeleton import COCO17
from training.datasets.scenes import Scene

HEIGHT, WIDTH = 120, 160
RED = np.array([250, 10, 10], np.uint8)


def scene_of(*boxes: tuple[float, float, float, float]) -> Scene:
    """Red blocks on grey, their keypoints from the top left to the bottom right corner."""
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for x1, y1, x2, y2 in boxes:
        image[int(y1) : int(y2), int(x1) : int(x2)] = RED
    corners = np.array(boxes, np.float32).reshape(-1, 4)
    along = np.linspace(0, 1, len(COCO17), dtype=np.float32)[:, None]
    points = corners[:, None, :2] + along * (corners[:, None, 2:] - corners[:, None, :2])
    return Scene(image, corners, points, np.zeros((0, 4), np.float32))


def write_zip(path: Path, scenes: list[Scene], **more: Any) -> None:
    """In the shared format; more: of every annotation."""
    images, people = [], []
    with zipfile.ZipFile(path, "w") as archive:
        for number, scene in enumerate(scenes):
            name = f"{number}.png"
            encoded = cv2.imencode(".png", cv2.cvtColor(scene.image, cv2.COLOR_RGB2BGR))[1]
            archive.writestr(name, encoded.tobytes())
            images.append({"id": number, "file_name": name})
            for box, points in zip(scene.boxes, scene.points, strict=True):
                size = box[2:] - box[:2]
                flags = np.column_stack([points, np.full(len(points), 2)]).ravel().tolist()
                facts = {"bbox": [*box[:2].tolist(), *size.tolist()], "keypoints": flags}
                people.append({"image_id": number, **facts, **more})
        categories = [{"keypoints": list(COCO17.keypoints)}]
        parts = {"images": images, "annotations": people, "categories": categories}
        archive.writestr("annotations.json", json.dumps(parts))


def write_data(folder: Path) -> None:
    """All zips that a finder learns from, of a few pictures."""
    rng = np.random.default_rng(3)
    people = []
    for _ in range(30):
        x, y = rng.uniform(0, 100), rng.uniform(0, 50)
        people.append(scene_of((x, y, x + rng.uniform(20, 50), y + rng.uniform(40, 70))))
    write_zip(folder / "people.zip", people)
    write_zip(folder / "webcams.zip", people[:10])
    write_zip(folder / "rooms.zip", [scene_of() for _ in range(12)])
    write_zip(folder / "whole_pictures.zip", [*people[:3], *(scene_of() for _ in range(10))])
    with zipfile.ZipFile(folder / "lsp_extended.zip", "w") as archive:
        archive.writestr("annotations.json", json.dumps(lone(archive)))


def lone(archive: zipfile.ZipFile) -> dict[str, Any]:
    """A thousand pictures, of which half are held out as those of LSP-extended are, of one person
    in LSP's joints; the left hip is not labelled.
    """
    images, people = [], []
    for number in range(1000):
        image = np.random.default_rng(number).integers(0, 255, (30, 20, 3), np.uint8)
        archive.writestr(f"{number}.png", cv2.imencode(".png", image)[1].tobytes())
        images.append({"id": number, "file_name": f"{number}.png"})
        joints = np.array([[3 + i, 4 + 1.5 * i, 2 * (i != 3)] for i in range(len(LSP))])
        people.append({"image_id": number, "keypoints": joints.ravel().tolist()})
    return {"images": images, "annotations": people, "categories": [{"keypoints": LSP}]}


LSP = [
    "r_ankle", "r_knee", "r_hip", "l_hip", "l_knee", "l_ankle", "r_wrist", "r_elbow", "r_shoulder",
    "l_shoulder", "l_elbow", "l_wrist", "neck", "head_top",
]  # fmt: skip
