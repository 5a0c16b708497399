"""People in space, and finished sessions of them: what the tests of angles and exports share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.session.export import export
from engine.session.journal import FORMAT
from engine.session.pose_arrays import blank_arrays
from engine.session.recording import POSES
from engine.session.whole_files import write_document, write_poses
from engine.skeleton import H36M17, MPII16, Skeleton

# A person who stands and looks into the camera: (17, 3) mm, camera axes, H36M-17 order.
STANDING = np.array(
    [
        (0, 0, 0), (-130, 10, 0), (-140, 440, 10), (-140, 860, 40), (130, 10, 0), (140, 440, 10),
        (140, 860, 40), (0, -250, 0), (0, -500, 0), (0, -620, -60), (0, -740, 0),
        (180, -460, 0), (330, -210, 0), (380, 30, -40), (-180, -460, 0), (-330, -210, 0),
        (-380, 30, -40),
    ],
    np.float32,
)  # fmt: skip
RATE = 30.0


def moving(frames: int) -> np.ndarray:
    """(T, 17, 3) mm: somebody whose bones, each of one length, turn in every direction."""
    joints = np.zeros((frames, len(H36M17), 3))
    rng = np.random.default_rng(0)
    for parent, child in H36M17.bone_indices.tolist():
        phase, speed, tilt = rng.uniform(0, 6, 3)
        angle = phase + speed * np.arange(frames) / RATE
        rest = STANDING[child] - STANDING[parent]
        turn = rotation("y", angle) @ rotation("x", tilt + angle) @ rotation("z", 2 * angle)
        joints[:, child] = joints[:, parent] + turn @ rest
    return joints.astype(np.float32)


def rotation(axis: str, angle: np.ndarray) -> np.ndarray:
    """(T,) radians about ``x``, ``y`` or ``z`` → (T, 3, 3)."""
    k = "xyz".index(axis)
    a, b = (k + 1) % 3, (k + 2) % 3
    turn = np.zeros((len(angle), 3, 3))
    turn[:, k, k] = 1
    turn[:, a, a] = turn[:, b, b] = np.cos(angle)
    turn[:, b, a] = np.sin(angle)
    turn[:, a, b] = -turn[:, b, a]
    return turn


def make_session(
    folder: Path,
    joints: np.ndarray | None = None,
    *,
    frames: int = 4,
    skeleton: Skeleton = MPII16,
    **arrays: np.ndarray,
) -> Path:
    """A finished session of somebody who was seen well and stood still unless told otherwise.

    joints: (T, 17, 3) mm; arrays: of poses.npz, instead of what would be there.
    """
    joints = np.repeat(STANDING[None], frames, axis=0) if joints is None else joints
    content = blank_arrays(len(joints), len(skeleton), len(H36M17))
    content["timestamps"][:] = np.round(np.arange(len(joints)) / RATE, 6)
    content["frame_index"][:] = np.arange(len(joints))
    content["keypoints2d"][:] = np.arange(len(skeleton) * 2).reshape(-1, 2) * 5 + 20
    content["scores2d"][:] = 0.9
    content["joints3d"][:] = joints
    names = {"keypoint_names": skeleton.keypoints, "joint_names": H36M17.keypoints}
    content |= {name: np.array(value) for name, value in names.items()} | arrays
    folder.mkdir(parents=True)
    write_poses(folder / POSES, content)
    write_document(folder, FORMAT | {"skeleton": skeleton.name, "about": {"threshold": 0.2}})
    return folder


def exported(session: Path, format: str, out: Path | None = None, **options: Any) -> Path:
    """The one file of an export."""
    (path,) = export(session, format, out, **options)
    return path


def unseen(name: str, frames: int, at: slice, skeleton: Skeleton = MPII16) -> np.ndarray:
    """(T, K) scores of a take in which one keypoint is not seen for a while."""
    scores = np.full((frames, len(skeleton)), 0.9, np.float32)
    scores[at, skeleton.index(name)] = 0.1
    return scores
