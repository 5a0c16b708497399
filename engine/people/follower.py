"""One person from pose to pose: sides kept, keypoints smoothed, lifted, bones of steady length.

Remembers one person; knows no other people and no pictures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from engine.keypoints.backbone import pose_score
from engine.people.advice import SEEN
from engine.people.person_box import long_side
from engine.people.sides import Sides
from engine.people.track import Track
from engine.space.bone_lengths import SteadyBones
from engine.space.lifter import Lifter, View
from engine.space.one_euro import OneEuro
from engine.timing import stage
from engine.types import Person, Pose2D, Pose3D, TrackState

METRE = 1000.0  # mm, by which speeds in space are measured


class Follower:
    """The memory of one person, by whose lifter the poses become three-dimensional."""

    def __init__(self, lifter: Lifter | None) -> None:
        self.sides = Sides()
        self._lifter = lifter
        self._smooth2d, self._smooth3d, self._steady = OneEuro(), OneEuro(), SteadyBones()

    def __call__(
        self, track: Track, strength: float, view: View, timings: dict[str, float]
    ) -> Person:
        """The person of a track that is shown and has a pose; strength: as for ``steadied``."""
        assert track.pose is not None
        body = long_side(track.box)
        with stage(timings, "smooth"):
            raw2d = self.sides(track.pose, SEEN, track.time, body)
        with stage(timings, "lift"):
            raw3d = self._lifter.lift(raw2d, SEEN, view) if self._lifter else None
        with stage(timings, "smooth"):
            pose2d, pose3d = self.steadied(raw2d, raw3d, track.time, strength, body)
        box = replace(track.box, score=pose_score(pose2d))
        state = cast(TrackState, track.state)
        return Person(box, pose2d, pose3d, track.id, state, raw2d=raw2d, raw3d=raw3d)

    def steadied(
        self, raw2d: Pose2D, raw3d: Pose3D | None, time: float, strength: float, body: float
    ) -> tuple[Pose2D, Pose3D | None]:
        """What is shown of raw poses: smoothed, bones of steady length.

        time: seconds, rising; strength: of smoothing, 0 off … 1; body: its size in pixels.
        """
        seen = raw2d.scores >= SEEN
        points = self._smooth2d(raw2d.keypoints, seen, time, strength, body)
        pose2d = replace(raw2d, keypoints=points)
        return pose2d, self._in_space(raw3d, time, strength) if raw3d else None

    def _in_space(self, raw: Pose3D, time: float, strength: float) -> Pose3D:
        every = np.ones(len(raw.keypoints), bool)
        joints = self._smooth3d(raw.keypoints, every, time, strength, METRE)
        smooth = replace(raw, keypoints=joints)
        return replace(smooth, keypoints=self._steady(smooth, SEEN, time))
