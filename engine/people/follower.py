"""One person from pose to pose: sides kept, keypoints smoothed, lifted, put into the room.

Remembers one person; knows no other people and no pictures.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import numpy as np

from engine.keypoints.backbone import pose_score
from engine.people.advice import SEEN
from engine.people.person_box import including, long_side
from engine.people.sides import Sides
from engine.people.track import Track
from engine.space.body import Body
from engine.space.lifter import Lifter, View
from engine.space.one_euro import OneEuro
from engine.space.room import Room
from engine.timing import stage
from engine.types import Box, Person, Pose2D, Pose3D, TrackState

LESSONS = 0.2  # seconds between two poses from which the room is learned, twice as long where every
# frame has a look of the finder: one that has both is late


class Follower:
    """The memory of one person, by whose lifter the poses become three-dimensional."""

    def __init__(self, lifter: Lifter | None) -> None:
        self.sides = Sides()
        self._lifter, self._past = lifter, lifter.begin() if lifter else None
        self._smooth, self._body = OneEuro(), Body()
        self._taught = -math.inf  # when the room learned from this person

    def __call__(
        self, track: Track, strength: float, room: Room, timings: dict[str, float]
    ) -> Person:
        """The person of a track that is shown and has a pose; strength: as for ``steadied``."""
        assert track.pose is not None
        box = _around_all(track, track.pose)
        body = long_side(box)
        with stage(timings, "smooth"):
            raw2d = self.sides(track.pose, SEEN, track.time, body)
        with stage(timings, "lift"):
            raw3d = self._lift(raw2d, room.view, track.time)
        with stage(timings, "smooth"):
            if raw3d:
                self._teach(room, raw2d, raw3d, track.time, "find" in timings)
            pose2d, pose3d, root = self.steadied(raw2d, raw3d, room, track.time, strength, body)
        box = replace(box, score=pose_score(pose2d))
        state = cast(TrackState, track.state)
        return Person(box, pose2d, pose3d, track.id, state, raw2d, raw3d, root)

    def _lift(self, pose: Pose2D, view: View, time: float) -> Pose3D | None:
        if self._lifter is None:
            return None
        return self._lifter.lift(pose, SEEN, view, self._past, time)

    def _teach(self, room: Room, pose: Pose2D, lifted: Pose3D, time: float, has_look: bool) -> None:
        if time - self._taught < (2 * LESSONS if has_look else LESSONS):
            return
        assert self._lifter
        assert self._past
        self._taught = time
        room.learn(pose, self._lifter.untold(lifted, room.view, self._past), SEEN, time)

    def steadied(
        self,
        raw2d: Pose2D,
        raw3d: Pose3D | None,
        room: Room,
        time: float,
        strength: float,
        body: float,
    ) -> tuple[Pose2D, Pose3D | None, np.ndarray | None]:
        """What is shown of raw poses: smoothed, bones of steady length, on the floor; and where the
        pelvis is in the room, see Person.root.

        time: seconds, rising; strength: of smoothing, 0 off … 1; body: its size in pixels.
        """
        seen = raw2d.scores >= SEEN
        points = self._smooth(raw2d.keypoints, seen, time, strength, body)
        pose2d = replace(raw2d, keypoints=points)
        if raw3d is None:
            return pose2d, None, None
        return pose2d, *self._body(raw3d, pose2d, room, SEEN, strength, time)


def _around_all(track: Track, pose: Pose2D) -> Box:
    """The track's box, which is the finder's of a moment ago, with all keypoints that are seen. The
    track itself does without: a limb taken for another person's would make two boxes alike.
    """
    seen = pose.keypoints[pose.scores >= SEEN]
    return including(track.box, seen) if len(seen) else track.box
