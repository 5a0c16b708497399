"""Somebody to pose and to draw: what the tests of the renders share."""

from __future__ import annotations

import numpy as np

from engine.space.camera import look_at
from training.synthetic.body import Body
from training.synthetic.motion import Pose, pose_body
from training.synthetic.scene import Camera, Light

LIGHT = Light(np.array([0.3, 0.8, 0.6]), (0.7, 0.7, 0.7), (0.4, 0.4, 0.4), (0.2, 0.2, 0.2))
# Someone who stands, facing +Z, and holds the hands before the belly; the left half, metres.
LEFT_HALF = {
    "hip": (0.1, 0.9, 0.0), "knee": (0.11, 0.48, 0.01), "ankle": (0.12, 0.08, 0.0),
    "toe": (0.14, 0.04, 0.14), "shoulder": (0.18, 1.4, 0.0), "elbow": (0.24, 1.14, 0.05),
    "wrist": (0.04, 1.05, 0.26), "hand": (-0.06, 1.05, 0.32),
}  # fmt: skip


def standing(body: Body) -> Pose:
    joints = {"l_" + name: np.array([place]) for name, place in LEFT_HALF.items()}
    joints |= {"r" + name[1:]: place * [-1, 1, 1] for name, place in joints.items()}
    joints |= {"neck": np.array([[0, 1.45, 0]]), "head": np.array([[0, 1.55, 0.03]])}
    return pose_body(body, joints)


def camera_at(x: float, y: float, z: float) -> Camera:
    eye = np.array([x, y, z])
    return Camera(look_at(eye, np.array([0, 0.9, 0])), eye, 160.0, (79.5, 119.5), (160, 240))
