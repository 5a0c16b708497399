"""Motion-capture clips as joint positions, under one set of names whatever the source calls them.

Reads the packed `*.npz` files and `joint_map.json` of a mocap folder, or the `.bvh` and `.amc`
files of the sources, and gives the poses in the order the lifter predicts. Knows no cameras and no
networks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.skeleton import H36M17
from training.datasets.motion import asf_amc, bvh

_LIMBS = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
_HEAD = ("neck", "head")  # where one of them was not captured, nothing is known of the head
# Metres, of a man of 1.75 m: the captured skeletons end in the middle of the head, or at its base.
SKULL_HEIGHT = 0.18  # skull base to crown, along the head
NOSE_HEIGHT = 0.04  # above the skull base, along the head
NOSE_FORWARD = 0.10  # in front of the skull base


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One uninterrupted recording of one person."""

    source: str  # the file it came from, without ".npz"
    name: str
    subject: str
    fps: float
    joints: dict[str, np.ndarray]  # common name → (T, 3) float32 metres, world axes, Y up

    @property
    def has_head(self) -> bool:
        return all(joint in self.joints for joint in _HEAD)

    @property
    def action(self) -> str:
        """The motion class its name holds (HDM05, cmu_actions), else the source."""
        match = re.match(r"HDM_[a-z]+_(\w+)_\d+_\d+|\w+/([a-z_]+)_\d", self.name)
        return next(filter(None, match.groups())) if match else self.source


def load_clips(folder: Path, headless: bool = False) -> list[Clip]:
    """Every clip in ``folder``, file by file in alphabetical order: `*.npz` by `joint_map.json`,
    `*.bvh`, and `*.amc` with their `*.asf`; those without a head only if ``headless``.

    Raises FileNotFoundError where there is none, or no map for the packed ones, and ValueError for
    a file that cannot be read.
    """
    files = sorted(path for path in folder.glob("*.*") if path.suffix in (".npz", ".bvh", ".amc"))
    packed = any(path.suffix == ".npz" for path in files)
    map_file = folder / "joint_map.json"
    if not files or (packed and not map_file.is_file()):
        raise FileNotFoundError(
            f"No motion capture in {folder}: it needs *.bvh, *.amc with *.asf, or joint_map.json"
            " and *.npz files, from mocap.cs.cmu.edu and resources.mpi-inf.mpg.de/HDM05 (see"
            " docs/training.md)."
        )
    names = json.loads(map_file.read_text()) if packed else {}
    clips = [clip for path in files for clip in _clips(path, names)]
    return [clip for clip in clips if headless or clip.has_head]


def _clips(path: Path, names: Mapping[str, Mapping[str, object]]) -> Iterator[Clip]:
    if path.suffix == ".npz":
        yield from _read(path, names[path.stem])
        return
    joints, fps = bvh.load_joints(path) if path.suffix == ".bvh" else asf_amc.load_joints(path)
    yield Clip(path.suffix[1:], path.stem, path.stem.split("_")[0], fps, joints)


def _read(path: Path, common_names: Mapping[str, object]) -> Iterator[Clip]:
    with np.load(path) as data:
        arrays = {key: data[key] for key in data.files}
    order = list(arrays["joint_names"])
    columns = {c: order.index(n) for c, n in common_names.items() if isinstance(n, str)}
    world = arrays["positions"].astype(np.float32) * 1e-4 + arrays["root"][:, None]
    for name, subject, start, length in zip(
        arrays["clips"], arrays["subjects"], arrays["offsets"], arrays["lengths"], strict=True
    ):
        frames = world[start : start + length]
        joints = {common: frames[:, column] for common, column in columns.items()}
        yield Clip(path.stem, str(name), str(subject), float(arrays["fps"]), joints)


def h36m17(clip: Clip) -> np.ndarray:
    """(T, 17, 3) float32 metres, world axes, in `engine.skeleton.H36M17` order.

    Joints that the sources define differently are placed alike for all: pelvis and thorax between
    the hips and the shoulders, the spine half-way along the path through the captured spine joint,
    crown and nose from the skull base. Without a head those two are NaN.
    """
    joints = clip.joints
    pelvis = (joints["l_hip"] + joints["r_hip"]) / 2
    thorax = (joints["l_shoulder"] + joints["r_shoulder"]) / 2
    nose, crown = _head(clip) if clip.has_head else (np.full_like(thorax, np.nan),) * 2
    placed = {
        "pelvis": pelvis,
        "spine": _halfway(pelvis, joints.get("spine", (pelvis + thorax) / 2), thorax),
        "thorax": thorax,
        "nose": nose,
        "head_top": crown,
    }
    captured = {
        f"{side}_{part}": joints[f"{side[0]}_{part}"]
        for side in ("left", "right")
        for part in _LIMBS
    }
    return np.stack([(placed | captured)[name] for name in H36M17.keypoints], axis=1)


def _head(clip: Clip) -> tuple[np.ndarray, np.ndarray]:
    """(T, 3) each: nose and crown, from the skull base."""
    joints = clip.joints
    up = _unit(
        joints["head_top"] - joints["head"]
        if "head_top" in joints
        else joints["head"] - joints["neck"]
    )
    forward = _unit(np.cross(joints["l_shoulder"] - joints["r_shoulder"], up))
    nose = joints["head"] + NOSE_HEIGHT * up + NOSE_FORWARD * forward
    return nose, joints["head"] + SKULL_HEIGHT * up


def _halfway(start: np.ndarray, via: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The point half-way along the path start–via–end; (T, 3) each."""
    first = np.linalg.norm(via - start, axis=-1, keepdims=True)
    second = np.linalg.norm(end - via, axis=-1, keepdims=True)
    half = (first + second) / 2
    before = start + (via - start) * half / np.maximum(first, 1e-6)
    after = end + (via - end) * half / np.maximum(second, 1e-6)
    return np.asarray(np.where(first > half, before, after))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6))
