"""One person from pose to pose: sides kept, keypoints smoothed, lifted, bones of steady length.

Remembers one person; knows no other people and no pictures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from engine.keypoints.backbone import pose_score
from engine.people.person_box import long_side
from engine.people.sides import Sides
from engine.people.track import Track
from engine.space.bone_lengths import SteadyBones
from engine.space.lifter import Lifter, View
from engine.space.one_euro import OneEuro
from engine.timing import stage
from engine.types import Person, Pose3D, TrackState

METRE = 1000.0  # mm, by which speeds in space are measured


class Follower:
    """The memory of one person, by whose lifter the poses become three-dimensional."""

    def __init__(self, lifter: Lifter | None) -> None:
        self.sides = Sides()
        self._lifter = lifter
        self._smooth2d, self._smooth3d, self._steady = OneEuro(), OneEuro(), SteadyBones()

    def __call__(
        self,
        track: Track,
        threshold: float,
        strength: float,
        view: View,
        timings: dict[str, float],
    ) -> Person:
        """The person of a track that is shown and has a pose.

        threshold: a keypoint that scores less is not seen; strength: of smoothing, 0 off … 1.
        """
        assert track.pose is not None
        with stage(timings, "smooth"):
            body = long_side(track.box)
            raw2d = self.sides(track.pose, threshold, track.time, body)
            seen = raw2d.scores >= threshold
            points = self._smooth2d(raw2d.keypoints, seen, track.time, strength, body)
            pose = replace(raw2d, keypoints=points)
        with stage(timings, "lift"):
            raw3d = self._lifter.lift(raw2d, threshold, view) if self._lifter else None
        with stage(timings, "smooth"):
            joints = self._in_space(raw3d, track.time, threshold, strength) if raw3d else None
        box = replace(track.box, score=pose_score(pose))
        state = cast(TrackState, track.state)
        return Person(box, pose, joints, track.id, state, raw2d=raw2d, raw3d=raw3d)

    def _in_space(self, raw: Pose3D, time: float, threshold: float, strength: float) -> Pose3D:
        every = np.ones(len(raw.keypoints), bool)
        joints = self._smooth3d(raw.keypoints, every, time, strength, METRE)
        smooth = replace(raw, keypoints=joints)
        return replace(smooth, keypoints=self._steady(smooth, threshold, time))
