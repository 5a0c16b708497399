"""Human3.6M in mmpose's layout: annotation files beside single frames, for lifters and backbones.

``h36m_*.npz`` holds pixels and joints in camera axes, ``h36m_coco*.json`` joints in the world. The
JSON names the two legs the wrong way round; the order is that of H36M-17 all the same. Knows no
networks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.skeleton import H36M17, MPII16
from engine.types import Box
from training.datasets.human36m.cameras import load_cameras
from training.datasets.motion.lifting_set import LiftingSet, hip_centred
from training.datasets.pictures.labels import Names, Picture, Split, arrange, needed

FOLDER = "annotation_body3d"
CROP = 440.0  # pixels a side around the person (Martinez 2017, section 4.1: fine-tuned detections)
PADDING = 1.25  # that the crop adds to a box
_FRAME = re.compile(r"(S\d+)_([A-Za-z]+)(?:[_ ]\d+)?\.(\d+)_\d+\.jpg$")
# MPII-16 as the Hourglass of the lifter's paper was fine-tuned on Human3.6M: "thorax" is its spine,
# "upper neck" its thorax, so the lifter's inputs come out of a 16-joint network.
AS_HOURGLASS: Names = {name: (name,) for name in MPII16.keypoints if name in H36M17.keypoints}
AS_HOURGLASS |= {"thorax": ("spine",), "upper_neck": ("thorax",)}


def load_mmpose(folder: Path) -> tuple[LiftingSet, LiftingSet]:
    """(training, test) of ``annotation_body3d/fps50/h36m_{train,test}.npz``.

    Raises FileNotFoundError where one is missing.
    """
    return read_body3d(_annotations(folder, "train")), read_body3d(_annotations(folder, "test"))


def read_body3d(path: Path) -> LiftingSet:
    """Frames whose joints are in camera axes already: ``imgname``, ``part``, ``S``."""
    with np.load(path) as data:
        names, part, space = list(data["imgname"]), data["part"], data["S"]
    return _lifting_set(names, part[..., :2], space[..., :3])


def read_coco(path: Path, camera_folder: Path) -> LiftingSet:
    """Frames of a COCO-style JSON, world metres, seen by the cameras in ``camera_folder``."""
    content = json.loads(path.read_text())
    cameras = load_cameras(camera_folder)
    names = {image["id"]: image["file_name"] for image in content["images"]}
    files = [names[annotation["image_id"]] for annotation in content["annotations"]]
    raw = [annotation["keypoints"] for annotation in content["annotations"]]
    world = [annotation["keypoints_3d"] for annotation in content["annotations"]]
    plane, space = np.array(raw).reshape(-1, 17, 3), np.array(world).reshape(-1, 17, 4)
    seen = [
        cameras[subject, camera].see(joints[:, :3])
        for (subject, _, camera), joints in zip(map(_parse, files), space, strict=True)
    ]
    return _lifting_set(files, plane[..., :2], np.stack(seen))


def read_pictures(folder: Path) -> Split:
    """Single frames as labelled pictures, cut as the Hourglass of Martinez 2017 was fine-tuned.

    Raises FileNotFoundError where annotations or pictures are missing.
    """
    pictures = needed(folder, "images")
    training, test = (_read(_annotations(folder, part), pictures) for part in ("train", "test"))
    return training, test


def _read(path: Path, pictures: Path) -> list[Picture]:
    with np.load(path) as data:
        names, centres, part = data["imgname"], data["center"], data["part"]
    half = CROP / PADDING / 2
    read = []
    for number, (name, (x, y), joints) in enumerate(zip(names, centres, part, strict=True)):
        keypoints, labelled = arrange(joints, H36M17.keypoints, AS_HOURGLASS)
        box = Box(x - half, y - half, x + half, y + half)
        weights = labelled.astype(np.float32)
        read.append(
            Picture(
                "human36m",
                pictures / str(name),
                keypoints,
                labelled,
                weights,
                box=box,
                image_id=number,
            )
        )
    return read


def _annotations(folder: Path, part: str) -> Path:
    return needed(folder, f"{FOLDER}/fps50/h36m_{part}.npz", f"{FOLDER}/fps10/h36m_{part}.npz")


def _parse(name: str) -> tuple[str, str, str]:
    """``S1_Directions_1.54138969_000001.jpg`` → subject, action, camera."""
    match = _FRAME.search(name)
    if match is None:
        raise ValueError(f"'{name}' is no frame of Human3.6M: subject_action.camera_number.jpg.")
    return match[1], match[2], match[3]


def _lifting_set(names: Sequence[str], pixels: np.ndarray, metres: np.ndarray) -> LiftingSet:
    subjects, actions, cameras = (
        np.array(column) for column in zip(*map(_parse, names), strict=True)
    )
    joints = hip_centred(metres)
    return LiftingSet(pixels.astype(np.float32), joints, subjects, actions, cameras, H36M17)
