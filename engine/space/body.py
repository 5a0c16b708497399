"""One person in the room, from lifted pose to lifted pose: smooth, of one size, on the floor.

Remembers one person; knows no pictures and no networks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.skeleton import H36M17, LEGS
from engine.space.bone_lengths import SteadyBones
from engine.space.ground import Feet, Floor
from engine.space.hidden_legs import HiddenLegs
from engine.space.joint_limits import within_limits
from engine.space.one_euro import OneEuro
from engine.space.place import fit_place
from engine.space.room import ANKLE, Room
from engine.types import Pose2D, Pose3D

METRE, BODY = 1000.0, 2000.0  # mm; by the second speeds in space are measured

_ANKLES = LEGS[:, 2]
_CROWN = H36M17.index("head_top")
_ALL = np.ones(len(H36M17), bool)


class Body:
    def __init__(self) -> None:
        self._smooth, self._smooth_place = OneEuro(), OneEuro()
        self._bones, self._legs = SteadyBones(), HiddenLegs()
        self._floor, self._feet = Floor(), Feet()
        self._axes: np.ndarray | None = None  # of the room
        self._seen: np.ndarray | None = None  # (17, 3) m, camera axes, the last that was placed

    def __call__(
        self,
        lifted: Pose3D,
        pose: Pose2D,
        room: Room,
        threshold: float,
        strength: float,
        timestamp: float,
    ) -> tuple[Pose3D, np.ndarray | None]:
        """The pose as it is shown, and where its pelvis is in the room, (3,) m; None where that
        cannot be told.

        pose: what was lifted, smoothed; threshold: a keypoint that scores less is not seen;
        strength: of smoothing, 0 off … 1; timestamp: seconds, rising.
        """
        joints = self._smooth(lifted.keypoints, _ALL, timestamp, strength, BODY)
        steady = self._bones(replace(lifted, keypoints=joints), threshold, timestamp)
        metres = within_limits(steady).astype(np.float64) / METRE
        metres *= room.body / self._bones.stature
        seen = lifted.scores >= threshold
        metres = self._legs(metres, seen, room.up, timestamp)
        place = self._place(metres, pose, room, threshold)
        if place is None:
            return _posed(lifted, metres), None
        place = self._smooth_place(place[None], _ALL[:1], timestamp, strength, 1.0)[0]
        axes, ankle = room.axes, ANKLE * room.body
        if axes is not self._axes:
            self._turn(axes, ankle)
        self._seen = metres + place
        placed = self._seen @ axes.T  # in the room, but from the camera's height
        self._legs.judge(float(placed[_CROWN, 1]), room.camera.height_m, room.body)
        floor = self._floor(*_heights(placed, ankle), timestamp)
        if seen[_ANKLES].any():
            room.stand(-floor)
        placed[:, 1] -= floor
        placed = self._feet(placed, ankle, timestamp)
        return _posed(lifted, (placed - placed[0]) @ axes), placed[0].astype(np.float32)

    def _turn(self, axes: np.ndarray, ankle: float) -> None:
        """What is known of floor and feet, to the axes of a room whose tilt is known better: who
        stands there has not jumped.
        """
        self._axes = axes
        if self._seen is not None:
            joints = self._seen @ axes.T
            joints[:, 1] -= self._floor.turn(*_heights(joints, ankle))
            self._feet.turn(joints)

    def _place(
        self, joints: np.ndarray, pose: Pose2D, room: Room, threshold: float
    ) -> np.ndarray | None:
        which = pose.skeleton.limbs
        scores = pose.scores[which]
        weights = np.where(scores >= threshold, scores, 0.0)
        return fit_place(joints[H36M17.limbs], room.rays(pose.keypoints[which]), weights)


def _heights(placed: np.ndarray, ankle: float) -> tuple[float, float]:
    """Of the soles, if it stands, and of the pelvis."""
    return float(placed[:, 1].min()) - ankle, float(placed[0, 1])


def _posed(lifted: Pose3D, metres: np.ndarray) -> Pose3D:
    joints = (metres - metres[0]) * METRE
    return replace(lifted, keypoints=joints.astype(np.float32))
