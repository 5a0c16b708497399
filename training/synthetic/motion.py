"""Motion capture → a posed rig.

Captured joints are positions of somebody else's skeleton, so only directions are taken from them:
the trunk gets full frames from hips, spine and shoulders; each limb bone is aimed, down the
hierarchy, and turned about itself by the plane in which its elbow or knee bends.

Motion: mocap.cs.cmu.edu (created with funding from NSF EIA-0196217) and HDM05 (Müller et al. 2007,
CC BY-SA 3.0). Knows no files, no clothes, no camera.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from training.synthetic.body import BONE_INDEX, BONES, SIDES, Body, skin
from training.synthetic.rotations import about, frame, swing, unit

Joints = Mapping[str, np.ndarray]  # joint_map's common names → (T, 3) metres, Y up

_HEAD_TO_TOP = np.array([0.0, 1.0, 0.17])  # captured, neck → top of an upright head
_STEADY = 0.2  # how much a limb keeps its natural turn when elbow or knee is straight


@dataclass(frozen=True)
class Pose:
    """A body in T frames."""

    body: Body
    turns: np.ndarray  # (T, B, 3, 3) rest → world
    places: np.ndarray  # (T, B, 3) the bones' upper ends, metres

    def transforms(self, frame: int) -> np.ndarray:
        """(B, 3, 4) float32, rest → world, for ``skin``."""
        rest = np.stack([self.body.joints[bone] for bone in BONES])
        shift = self.places[frame] - (self.turns[frame] @ rest[:, :, None])[:, :, 0]
        return np.concatenate([self.turns[frame], shift[:, :, None]], axis=2).astype(np.float32)

    def moved(self, offset: np.ndarray) -> Pose:
        """The same pose elsewhere; offset: (T, 1, 3) or (3,) metres."""
        return replace(self, places=self.places + offset)

    def point(self, bone: str, rest: np.ndarray) -> np.ndarray:
        """A (3,) point of the rest body, carried by a bone: (T, 3)."""
        index = BONE_INDEX[bone]
        offset = self.turns[:, index] @ (rest - self.body.joints[bone])
        return np.asarray(self.places[:, index] + offset)


def pose_body(body: Body, joints: Joints, head_turn: tuple[float, float] = (0.0, 0.0)) -> Pose:
    """Pose a body like captured joints, its feet on the floor y = 0.

    joints: may lack pelvis, spine, thorax, head_top and the feet's balls (l_foot, r_foot).
    head_turn: yaw to the left and pitch down added to the head, radians; captured heads have none.
    """
    turns: dict[str, np.ndarray] = {}
    _aim_trunk(turns, joints)
    _aim_head(turns, body, joints, head_turn)
    for side in SIDES:
        _aim_arm(turns, body, joints, side)
        _aim_leg(turns, body, joints, side)
    rotation = np.stack([turns[bone] for bone in BONES], axis=1)
    pose = Pose(body, rotation, _chain(body, turns, _root_path(body, joints)))
    return pose.moved(-_lowest(pose)[:, None])


def _aim_trunk(turns: dict[str, np.ndarray], joints: Joints) -> None:
    hips, shoulders = _middle(joints, "hip"), _middle(joints, "shoulder")
    spine = joints.get("spine", (hips + shoulders) / 2)
    low = unit(spine - hips), unit(joints["l_hip"] - joints["r_hip"])
    high = unit(shoulders - spine), unit(joints["l_shoulder"] - joints["r_shoulder"])
    rest = frame(np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0]))
    for bone, share in (("root", 0.0), ("spine04", 0.35), ("spine03", 0.7), ("spine02", 1.0)):
        up, across = (a * (1 - share) + b * share for a, b in zip(low, high, strict=True))
        turns[bone] = frame(up, across) @ rest.T


def _aim_head(
    turns: dict[str, np.ndarray], body: Body, joints: Joints, head_turn: tuple[float, float]
) -> None:
    chest, rest = turns["spine02"], _HEAD_TO_TOP
    aim = joints.get("head_top", joints["head"]) - joints["neck"]
    if "head_top" not in joints:
        rest = body.joints["head"] - body.joints["neck01"]
    across = np.array([1.0, 0.0, 0.0])
    for bone, share in (("neck01", 0.5), ("head", 1.0)):
        up = (1 - share) * unit(chest @ rest) + share * unit(aim)
        aimed = frame(up, chest @ across) @ frame(rest, across).T
        turns[bone] = aimed @ about(share * head_turn[0], 1) @ about(share * head_turn[1], 0)


def _aim_arm(turns: dict[str, np.ndarray], body: Body, joints: Joints, side: str) -> None:
    suffix, chest = SIDES[side], turns["spine02"]
    upper, fore, hand = _captured(joints, side, "shoulder", "elbow", "wrist", "hand")
    rest = _resting(body, suffix, "upperarm01", "lowerarm01", "wrist", "finger3-1")
    rest_hinge = unit(np.cross(rest[0], rest[1]))
    hang = chest @ rest[0]
    lift = 0.12 + 0.12 * (upper * chest[..., 1]).sum(-1, keepdims=True)  # the shoulder's share
    turns["clavicle" + suffix] = swing(hang, hang * (1 - lift) + upper * lift) @ chest
    hinge = np.cross(upper, fore) + _STEADY * ((swing(hang, upper) @ chest) @ rest_hinge)
    turns["upperarm01" + suffix] = frame(upper, hinge) @ frame(rest[0], rest_hinge).T
    forearm = turns["lowerarm01" + suffix] = frame(fore, hinge) @ frame(rest[1], rest_hinge).T
    straight = forearm @ rest[2]
    turns["wrist" + suffix] = swing(straight, 0.4 * straight + 0.6 * hand) @ forearm


def _aim_leg(turns: dict[str, np.ndarray], body: Body, joints: Joints, side: str) -> None:
    suffix, ball = SIDES[side], "foot" if side[0] + "_foot" in joints else "toe"
    thigh, shank, foot = _captured(joints, side, "hip", "knee", "ankle", ball)
    rest = _resting(body, suffix, "upperleg01", "lowerleg01", "foot", "toe3-1")
    rest_hinge = np.cross(rest[2], rest[1])
    level = np.cross(foot, shank)
    hinge = np.cross(thigh, shank) + 0.5 * level + _STEADY * turns["root"][..., 0]
    turns["upperleg01" + suffix] = frame(thigh, hinge) @ frame(rest[0], rest_hinge).T
    turns["lowerleg01" + suffix] = frame(shank, hinge) @ frame(rest[1], rest_hinge).T
    sole = turns["foot" + suffix] = frame(foot, hinge + level) @ frame(rest[2], rest_hinge).T
    ahead = sole[..., 2]
    flat = ahead * np.where(ahead[..., 1:2] < 0, [1.0, 0.2, 1.0], 1.0)
    turns["toe3-1" + suffix] = swing(ahead, flat) @ sole  # toes bend where a heel lifts


def _captured(joints: Joints, side: str, *chain: str) -> list[np.ndarray]:
    """Directions from joint to joint, each (T, 3)."""
    places = [joints[f"{side[0]}_{joint}"] for joint in chain]
    return [unit(end - start) for start, end in pairwise(places)]


def _resting(body: Body, suffix: str, *chain: str) -> list[np.ndarray]:
    """Directions from bone to bone in the rest pose, each (3,)."""
    places = [body.joints[bone + suffix] for bone in chain]
    return [unit(end - start) for start, end in pairwise(places)]


def _chain(body: Body, turns: dict[str, np.ndarray], root: np.ndarray) -> np.ndarray:
    places = {"root": root}
    for bone, parent in BONES.items():
        if parent is not None:
            offset = body.joints[bone] - body.joints[parent]
            places[bone] = places[parent] + turns[parent] @ offset
    return np.stack([places[bone] for bone in BONES], axis=1)


def _root_path(body: Body, joints: Joints) -> np.ndarray:
    """The captured way over the floor, in steps as long as this body's legs."""
    leg = np.linalg.norm(body.joints["upperleg01.L"] - body.joints["lowerleg01.L"])
    captured = np.linalg.norm(joints["l_hip"] - joints["l_knee"], axis=-1).mean()
    return np.asarray(_middle(joints, "hip") * (leg / captured))


def _lowest(pose: Pose) -> np.ndarray:
    """(T, 3) how high the soles' lowest point is: x and z are 0."""
    body, soles = pose.body, pose.body.template.soles
    rest = body.vertices[soles], body.normals[soles], body.template.weights[soles]
    posed = (skin(*rest, pose.transforms(index))[0] for index in range(len(pose.places)))
    return np.array([[0.0, points[:, 1].min(), 0.0] for points in posed])


def _middle(joints: Joints, joint: str) -> np.ndarray:
    return np.asarray((joints["l_" + joint] + joints["r_" + joint]) / 2)
