"""Biovision motion capture (``.bvh``): hierarchy and angles → joint positions.

A joint is the START of its bone; an end site bears its parent's name and ``End``. Knows no cameras
and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from training.datasets.motion.kinematics import positions, turns

CMU_UNIT = 0.0254 / 0.45  # metres, of CMU's recordings; other figures are in centimetres
_CMU = {
    "hip": "Hip", "knee": "Knee", "ankle": "Ankle", "foot": "Toe", "toe": "ToeEnd",
    "shoulder": "Shoulder", "elbow": "Elbow",
}  # fmt: skip
_POSER = {
    "hip": "Thigh", "knee": "Shin", "ankle": "Foot", "toe": "FootEnd", "shoulder": "Shldr",
    "elbow": "ForeArm", "wrist": "Hand",
}  # fmt: skip
SIDES = {"l": "Left", "r": "Right"}
# The two families of figures that are known by their joints: CMU's own and CMU's on a Poser figure.
CMU = {f"{s}_{name}": side + bone for s, side in SIDES.items() for name, bone in _CMU.items()}
CMU |= {"l_wrist": "lhand", "r_wrist": "rhand", "l_hand": "LFingersEnd", "r_hand": "RFingersEnd"}
CMU |= {"pelvis": "Hips", "spine": "Chest2", "thorax": "lowerneck", "neck": "Neck"}
CMU |= {"head": "Head", "head_top": "HeadEnd"}
POSER = {f"{side}_{name}": side + bone for side in "lr" for name, bone in _POSER.items()}
POSER |= {"pelvis": "hip", "spine": "abdomen", "thorax": "chest", "neck": "neck", "head": "head"}
FAMILIES = ((CMU, CMU_UNIT), (POSER, 0.01))


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """T frames of a figure of J joints, the root first; parents before children."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray  # (J, 3) the file's unit, from the parent
    rotations: np.ndarray  # (T, J, 3, 3) of each joint within its parent
    root: np.ndarray  # (T, 3) the file's unit
    fps: float

    def positions(self) -> np.ndarray:
        """(T, J, 3) in the file's unit and axes."""
        return positions(self.parents, self.offsets, self.rotations, self.root)


def read_bvh(path: Path) -> Motion:
    """Raises ValueError where the file is no BVH, or a line of it is short."""
    try:
        hierarchy, motion = path.read_text("latin1").split("MOTION", 1)
        names, parents, offsets, channels = _hierarchy(hierarchy.split())
        header, fps, values = _motion(motion)
        if values.shape != (header, sum(map(len, channels))):
            raise ValueError(f"{header} frames announced, values are {values.shape}")
        rotations, root = _rotations(values, channels)
        return Motion(names, parents, offsets, rotations, root, fps)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{path} is not a BVH file: {error}.") from None


def complete_cmu(motion: Motion) -> Motion:
    """CMU's figure with the two bones put back that its BVH form leaves out, as its ASF has them.

    The thorax is as long as the bone below it and upright; the wrist lies on the forearm's line,
    half as far again from the elbow as the point that the file calls Wrist.
    """
    offsets, index = motion.offsets.copy(), motion.names.index
    thorax = [0, np.linalg.norm(offsets[index("Chest2")]), 0]
    offsets[[index(name) for name in ("lowerneck", "LeftCollar", "RightCollar")]] = thorax
    offsets[[index(f"{side}Wrist") for side in SIDES.values()]] *= 1.5
    return replace(motion, offsets=offsets)


def load_joints(path: Path) -> tuple[dict[str, np.ndarray], float]:
    """Common name → (T, 3) float32 metres, Y up, of a known family of figures; frames a second.

    Raises OSError, and ValueError where the figure is another one.
    """
    motion = read_bvh(path)
    for common, unit in FAMILIES:
        if set(common.values()) <= set(motion.names):
            whole = complete_cmu(motion) if common is CMU else motion
            placed = (whole.positions() * unit).astype(np.float32)
            columns = {name: motion.names.index(joint) for name, joint in common.items()}
            return {name: placed[:, column] for name, column in columns.items()}, motion.fps
    raise ValueError(
        f"{path} has joints {', '.join(motion.names[:6])}, …: known are the figures of CMU"
        " (Hips, Chest, …) and of Poser (hip, abdomen, …)."
    )


Hierarchy = tuple[tuple[str, ...], tuple[int, ...], np.ndarray, list[list[str]]]


def _hierarchy(words: list[str]) -> Hierarchy:
    """Names, parents, offsets (J, 3) and the channels of each joint; end sites have none."""
    names: list[str] = []
    channels: list[list[str]] = []
    parents, offsets, open_joints = [], [], [-1]
    place = iter(words)
    for word in place:
        if word in ("ROOT", "JOINT", "End"):
            name = next(place)
            names.append(names[open_joints[-1]] + "End" if word == "End" else name)
            parents.append(open_joints[-1])
            channels.append([])
        elif word == "{":
            open_joints.append(len(names) - 1)
        elif word == "}":
            open_joints.pop()
        elif word == "OFFSET":
            offsets.append([float(next(place)) for _ in range(3)])
        elif word == "CHANNELS":
            channels[-1] = [next(place) for _ in range(int(next(place)))]
    return tuple(names), tuple(parents), np.array(offsets), channels


def _motion(text: str) -> tuple[int, float, np.ndarray]:
    """Frames announced, frames a second, values (T, channels)."""
    frames, time, *lines = [line for line in text.splitlines() if line.strip()]
    values = np.array([line.split() for line in lines], float)
    return int(frames.split(":")[1]), 1 / float(time.split(":")[1]), values


def _rotations(values: np.ndarray, channels: list[list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """(T, J, 3, 3), and the root's (T, 3)."""
    rotations = np.broadcast_to(np.eye(3), (len(values), len(channels), 3, 3)).copy()
    root, column = np.zeros((len(values), 3)), 0
    for joint, names in enumerate(channels):
        columns = values[:, column : column + len(names)]
        axes = [number for number, name in enumerate(names) if name.endswith("rotation")]
        rotations[:, joint] = turns(columns[:, axes], "".join(names[a][0] for a in axes))
        for number, name in enumerate(names):
            if name.endswith("position") and joint == 0:
                root[:, "XYZ".index(name[0])] = columns[:, number]
        column += len(names)
    return rotations, root
