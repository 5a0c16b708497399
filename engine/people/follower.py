"""One person from pose to pose: sides kept, keypoints smoothed, lifted, put into the room.

Remembers one person; knows no other people and no pictures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from engine.keypoints.backbone import pose_score
from engine.people.person_box import long_side
from engine.people.sides import Sides
from engine.people.track import Track
from engine.space.body import Body
from engine.space.lifter import Lifter
from engine.space.one_euro import OneEuro
from engine.space.room import Room
from engine.timing import stage
from engine.types import Person, TrackState


class Follower:
    """The memory of one person, by whose lifter the poses become three-dimensional."""

    def __init__(self, lifter: Lifter | None) -> None:
        self.sides = Sides()
        self._lifter = lifter
        self._smooth, self._body = OneEuro(), Body()

    def __call__(
        self,
        track: Track,
        threshold: float,
        strength: float,
        room: Room,
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
            points = self._smooth(raw2d.keypoints, seen, track.time, strength, body)
            pose = replace(raw2d, keypoints=points)
        with stage(timings, "lift"):
            raw3d = self._lifter.lift(raw2d, threshold, room.view) if self._lifter else None
        with stage(timings, "smooth"):
            placed = root = None
            if raw3d:
                room.learn(raw2d, raw3d, threshold, track.time)
                placed, root = self._body(raw3d, pose, room, threshold, strength, track.time)
        box = replace(track.box, score=pose_score(pose))
        state = cast(TrackState, track.state)
        return Person(box, pose, placed, track.id, state, raw2d, raw3d, root)
