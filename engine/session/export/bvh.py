"""BVH: the skeleton as a hierarchy of joints that turn. Y up, centimetres, a constant rate.

A joint stands at the start of its bone and turns it; its length is the take's median. The root is
the bone from pelvis to spine. Root and spine are turned by the hips and by the shoulders as well;
every other bone swings the shortest way from where its parent carries it, for 17 joints tell no
twist. What is not seen holds its last rotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.session.export.markers import Markers, standing_markers
from engine.session.export.rotations import frame, hold, hold_points, swing, to_zxy
from engine.session.export.rows import formatted, write_text
from engine.session.export.take import Progress, Take, within
from engine.session.in_room import in_metres
from engine.skeleton import H36M17, side_of
from engine.space.floor import to_y_up

Bone = tuple[str, str]

ROOT: Bone = ("pelvis", "spine")
CM = 100.0  # a metre
_TURNED_BY = {ROOT: "hip", ("spine", "thorax"): "shoulder"}  # the pair that tells their twist
_UP, _DOWN = np.array([0.0, 1, 0]), np.array([0.0, -1, 0])
_SIDEWAYS = {"left": np.array([1.0, 0, 0]), "right": np.array([-1.0, 0, 0])}


def write(take: Take, path: Path, progress: Progress) -> None:
    markers = standing_markers(take)
    joints = list(_joints(_lengths(in_metres(take.recording))))
    progress(0.1)
    values = _motion(joints, to_y_up(markers.points) * CM)
    header = "".join(_hierarchy(joints)) + _motion_header(markers)
    template = " ".join(["%.4f"] * values.shape[1]) + "\n"
    write_text(path, header, formatted(template, values), len(values), within(progress, 0.3, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """One JOINT of the file. offset and tip: cm in the rest pose, from the parent, to its end."""

    bone: Bone
    parent: int  # index of the joint that carries it; -1 for the root
    depth: int
    offset: np.ndarray  # (3,)
    tip: np.ndarray  # (3,)

    @property
    def name(self) -> str:
        """The keypoint it stands at; where three bones start, a side's tells which."""
        start, end = self.bone
        side = side_of(end)
        return start if side == side_of(start) else f"{side}_{start}"


def rest_direction(bone: Bone) -> np.ndarray:
    """(3,) of the rest pose: upright, facing z, legs straight down, arms level to the sides."""
    end = bone[1]
    if end.endswith(("knee", "ankle")):
        return _DOWN
    return _SIDEWAYS.get(side_of(end), _UP)


def _lengths(joints3d: np.ndarray) -> dict[Bone, float]:
    """Median length of each bone in cm, over the frames with 3D; joints3d: (T, 17, 3) m."""
    ends = joints3d[np.isfinite(joints3d).all(axis=(1, 2))][:, H36M17.bone_indices]
    lengths = np.median(np.linalg.norm(ends[:, :, 1] - ends[:, :, 0], axis=-1), axis=0) * CM
    return dict(zip(H36M17.bones, lengths.tolist(), strict=True))


def _joints(lengths: dict[Bone, float]) -> Iterator[Joint]:
    """All joints, each before those that it carries."""
    count = 0

    def joint(bone: Bone, parent: int, depth: int, offset: np.ndarray) -> Iterator[Joint]:
        nonlocal count
        index, tip = count, rest_direction(bone) * lengths[bone]
        count += 1
        yield Joint(bone, parent, depth, offset, tip)
        for other in H36M17.bones:
            if other[0] == bone[1]:
                yield from joint(other, index, depth + 1, tip)
            elif bone == ROOT and other[0] == ROOT[0] and other != ROOT:
                yield from joint(other, index, depth + 1, np.zeros(3))

    return joint(ROOT, -1, 0, np.zeros(3))


def _hierarchy(joints: list[Joint]) -> Iterator[str]:
    yield "HIERARCHY\n"
    for index, joint in enumerate(joints):
        pad = "\t" * joint.depth
        yield f"{pad}{'JOINT' if joint.depth else 'ROOT'} {joint.name}\n{pad}{{\n"
        yield f"{pad}\tOFFSET {_numbers(joint.offset)}\n"
        place = "" if joint.depth else "Xposition Yposition Zposition "
        count = 3 if joint.depth else 6
        yield f"{pad}\tCHANNELS {count} {place}Zrotation Xrotation Yrotation\n"
        following = joints[index + 1].depth if index + 1 < len(joints) else 0
        if following <= joint.depth:
            yield f"{pad}\tEnd Site\n{pad}\t{{\n{pad}\t\tOFFSET {_numbers(joint.tip)}\n{pad}\t}}\n"
        yield from ("\t" * depth + "}\n" for depth in range(joint.depth, following - 1, -1))


def _numbers(vector: np.ndarray) -> str:
    return " ".join(f"{value:.4f}" for value in vector)


def _motion_header(markers: Markers) -> str:
    return f"MOTION\nFrames: {len(markers.points)}\nFrame Time: {1 / markers.rate:.8f}\n"


def _motion(joints: list[Joint], points: np.ndarray) -> np.ndarray:
    """(N, 6 + 3 x 15): the root's place in cm, then the angles of each joint in degrees."""
    at = dict(zip(H36M17.keypoints, points.swapaxes(0, 1), strict=True))
    columns, carried = [hold_points(at[ROOT[0]])], list[np.ndarray]()
    for joint in joints:
        parent = carried[joint.parent] if joint.depth else np.eye(3)
        local = hold(_local(joint.bone, at, parent))
        carried.append(parent @ local)
        columns.append(to_zxy(local))
    return np.concatenate(columns, axis=1)


def _local(bone: Bone, at: dict[str, np.ndarray], parent: np.ndarray) -> np.ndarray:
    """(N, 3, 3) rotations of a bone in its parent's axes; NaN where an end of it is missing."""
    direction = at[bone[1]] - at[bone[0]]
    back = np.swapaxes(parent, -1, -2)
    if pair := _TURNED_BY.get(bone):
        return np.asarray(back @ frame(direction, at[f"left_{pair}"] - at[f"right_{pair}"]))
    return swing(rest_direction(bone), (back @ direction[..., None])[..., 0])
