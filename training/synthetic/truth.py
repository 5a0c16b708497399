"""Where the joints of a drawn person are: read from the posed rig, so that they fit the picture.

Joint centres are where an annotator clicks them; pelvis and thorax are half-way between the hips
and between the shoulders.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17, MPII16, kind_of
from training.synthetic.body import BONE_INDEX, SIDES
from training.synthetic.motion import Pose
from training.synthetic.scene import Camera

_LIMB_JOINTS = {
    "shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist",
    "hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot",
}  # fmt: skip
_THROAT = 0.18  # from the foot of the neck to the skull: as high as people click it in LSP

# Metres from a joint to the skin that shows it; what is further in front hides the joint.
_DEPTH = {
    "ankle": 0.1, "knee": 0.13, "hip": 0.2, "pelvis": 0.22, "thorax": 0.2, "upper_neck": 0.14,
    "head_top": 0.12, "wrist": 0.08, "elbow": 0.11, "shoulder": 0.16,
}  # fmt: skip
_DEPTHS = np.array([_DEPTH[kind_of(n)] for n in MPII16.keypoints])


def keypoints(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 (T, 16, 3) and H36M-17 (T, 17, 3), metres, world."""
    points = _points(pose)
    mpii = np.stack([points[name] for name in MPII16.keypoints], axis=1)
    return mpii, np.stack([points[name] for name in H36M17.keypoints], axis=1)


def _points(pose: Pose) -> dict[str, np.ndarray]:
    body, template = pose.body, pose.body.template
    points = {
        f"{side}_{joint}": pose.places[:, BONE_INDEX[bone + suffix]]
        for side, suffix in SIDES.items()
        for joint, bone in _LIMB_JOINTS.items()
    }
    points["pelvis"] = (points["left_hip"] + points["right_hip"]) / 2
    points["thorax"] = (points["left_shoulder"] + points["right_shoulder"]) / 2
    points["spine"] = pose.places[:, BONE_INDEX["spine02"]]
    throat = (1 - _THROAT) * body.joints["neck01"] + _THROAT * body.joints["head"]
    points["upper_neck"] = pose.point("neck01", throat)
    points["nose"] = pose.point("head", body.vertices[template.nose])
    points["head_top"] = pose.point("head", body.vertices[template.crown])
    return points


def visibility(points: np.ndarray, camera: Camera, depth: np.ndarray) -> np.ndarray:
    """(16,) int, 0 off the picture, 1 hidden, 2 visible.

    points: (16, 3) metres, world, MPII-16; depth: (H, W) metres, as drawn through the camera.
    """
    u, v = np.round(camera.project(points)).astype(int).T
    ahead = camera.to_camera(points)[:, 2]
    width, height = camera.size
    inside = (u >= 0) & (v >= 0) & (u < width) & (v < height) & (ahead > 0.05)
    front = depth[v.clip(0, height - 1), u.clip(0, width - 1)]
    return np.where(inside, np.where(ahead - front < _DEPTHS, 2, 1), 0)
