"""PoseResult → what other programs are sent, as plain values. Knows no sockets.

docs/live-out.md describes the messages for those who write a receiver.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from engine.space.horizon import up_before
from engine.space.joint_angles import ANGLES, joint_angles
from engine.types import CameraView, Person, Pose3D, PoseResult

Message = dict[str, Any]


class LiveOutError(ValueError):
    """Nothing can be sent there; one line says why and what to do."""


def shown(host: str, port: int) -> str:
    """An address as it is written: ``127.0.0.1:9000``, ``[::1]:9000``."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def describe(result: PoseResult, threshold: float) -> Message:
    """One frame, ready for JSON: numbers, names, and None where there is none.

    2D in frame pixels, 3D in mm about the pelvis, camera axes (x right, y down, z away), angles in
    degrees; ``root`` is where the pelvis is in the room, in m, x right, y up, z towards the camera.
    threshold: the score from which a joint counts as seen; angles need theirs to be.
    The subject is the first of the people, as long as it is in view; the others follow by id.
    """
    people = sorted(result.people, key=lambda person: (person is not result.subject, person.id))
    frame = result.frame
    height, width = frame.image.shape[:2]
    up = up_before(result.camera)
    return {
        "timestamp": round(frame.timestamp, 6),
        "unix_time": round(time.time() - time.monotonic() + frame.timestamp, 6),
        "frame": frame.index,
        "backbone": result.backbone,
        "lifter": result.lifter,
        "size": [width, height],
        "camera": _describe_camera(result.camera),
        "people": [
            {"id": person.id, "subject": person is result.subject}
            | _describe_person(person, threshold, up)
            for person in people
        ],
    }


def _describe_camera(camera: CameraView | None) -> Message:
    """What is known of it; None of what is not."""
    known = camera or CameraView()
    names = ("focal_px", "pitch_deg", "roll_deg", "height_m")
    return {n: None if (v := getattr(known, n)) is None else round(v, 3) for n in names}


def _describe_person(person: Person, threshold: float, up: np.ndarray) -> Message:
    box, pose2d, pose3d = person.box, person.pose2d, person.pose3d
    points = np.column_stack([pose2d.keypoints, pose2d.scores])
    return {
        "box": _numbers(np.array([box.x1, box.y1, box.x2, box.y2]), 2),
        "score": round(float(box.score), 4),
        "skeleton": pose2d.skeleton.name,
        "keypoints2d": _by_name(pose2d.skeleton.keypoints, points, 3),
        "joints3d": pose3d and _joints(pose3d),
        "root": None if person.root is None else _numbers(person.root, 3),
        "angles": pose3d and _angles(pose3d, threshold, up),
    }


def _joints(pose: Pose3D) -> Message:
    rows = np.column_stack([pose.keypoints, pose.scores])
    return _by_name(pose.skeleton.keypoints, rows, 3)


def _angles(pose: Pose3D, threshold: float, up: np.ndarray) -> Message:
    degrees = joint_angles(pose.keypoints, pose.scores >= threshold, up)
    return {
        name: round(float(angle), 1) if np.isfinite(angle) else None
        for name, angle in zip(ANGLES, degrees, strict=True)
    }


def _by_name(names: tuple[str, ...], rows: np.ndarray, decimals: int) -> Message:
    return {name: _numbers(row, decimals) for name, row in zip(names, rows, strict=True)}


def _numbers(values: np.ndarray, decimals: int) -> list[float] | None:
    """None unless all of them are numbers."""
    if not np.isfinite(values).all():
        return None
    return [round(value, decimals) for value in values.astype(float).tolist()]
