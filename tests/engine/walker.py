"""Somebody who walks before a camera, whose truth is known: what tests of the room share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.skeleton import H36M17
from engine.space.camera import look_at, project, to_camera
from engine.space.ground import reach
from engine.types import Frame, Pose2D, Pose3D
from tests.engine.bodies import STANDING

FOCAL, SIZE, RATE = 554.0, (640, 480), 15.0  # pixels, pixels, frames a second
STATURE, ANKLE = 1.68, 0.08  # m
SPEED = 1.0  # m/s
TRIPS, STRIDES = 0.6, 1.2  # m that a foot steps, of somebody quick and of somebody at ease
SINK = 0.06  # of a step, by which who walks is lower than who stands
SURE = np.full(len(H36M17), 0.9, np.float32)
PICTURE = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
_LEGS = [[H36M17.index(f"{s}_{p}") for p in ("hip", "knee", "ankle")] for s in ("right", "left")]


@dataclass(frozen=True)
class Seen:
    """One frame, as a lifter without errors would give it."""

    frame: Frame
    pose: Pose2D
    lifted: Pose3D
    joints: np.ndarray  # (17, 3) m in the room: x right, y up, z towards the camera

    @property
    def time(self) -> float:
        return self.frame.timestamp


def film(
    poses: np.ndarray, pitch: float = 0.0, roll: float = 0.0, height: float = 1.2
) -> list[Seen]:
    """poses: (T, 17, 3) m in the room, whose origin is on the floor below the camera."""
    eye, angle = np.array([0.0, height, 0.0]), np.deg2rad(pitch)
    axes = look_at(eye, eye + np.array([0.0, -np.sin(angle), -np.cos(angle)]), roll)
    seen = to_camera(poses, axes, eye)
    points = project(seen, FOCAL, (SIZE[0] / 2, SIZE[1] / 2)).astype(np.float32)
    joints = (1000 * (seen - seen[:, :1])).astype(np.float32)
    return [
        Seen(
            Frame(PICTURE, t, 10 + t / RATE, (FOCAL, "exif")),
            Pose2D(points[t], SURE, H36M17),
            Pose3D(joints[t], SURE, H36M17),
            poses[t],
        )
        for t in range(len(poses))
    ]


def standing(place: tuple[float, float] = (0.0, -4.0)) -> np.ndarray:
    """(17, 3) m in the room; place: x and z of the pelvis."""
    joints = STANDING * np.array([1, -1, -1]) / 1000
    joints[:, 1] += ANKLE - joints[:, 1].min()
    return np.asarray(joints + np.array([place[0], 0.0, place[1]]))


def walking(seconds: float, near: float = 3.0, far: float = 6.0, step: float = TRIPS) -> np.ndarray:
    """(T, 17, 3) m in the room: towards the camera and away, a foot on the floor at each time."""
    poses = []
    for along in _way(seconds, near, far).tolist():
        joints = standing((_aside(along), along - far))
        joints[:, 1] -= SINK * step
        for side, (hip, knee, ankle) in enumerate(_LEGS):
            steps = along / step + 0.5 * side
            swing = float(np.clip(2 * (steps % 1) - 1, 0, 1))
            target = joints[ankle] + np.array([0.0, SINK * step, 0.0])
            foot = (np.floor(steps) + swing - 0.5 * side + 0.25) * step
            target += np.array([_aside(foot) - _aside(along), 0.0, foot - along])
            target[1] += 0.1 * np.sin(np.pi * swing)
            joints[[knee, ankle]] = reach(joints[hip], joints[knee], joints[ankle], target)
        poses.append(joints)
    return np.array(poses)


def planted(seconds: float, near: float = 3.0, far: float = 6.0, step: float = TRIPS) -> np.ndarray:
    """(T, 2) bool: whether the right and the left foot of ``walking`` stand."""
    steps = _way(seconds, near, far)[:, None] / step + np.array([0.0, 0.5])
    return np.asarray(steps % 1 <= 0.5)


def _aside(along: float) -> float:
    """m to the right, where the way curves."""
    return float(0.4 * np.sin(along))


def _way(seconds: float, near: float, far: float) -> np.ndarray:
    """(T,) m, to and fro."""
    times = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(far - near - np.abs((SPEED * times) % (2 * (far - near)) - (far - near)))
