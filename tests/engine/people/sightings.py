"""People as a finder and a backbone would see them, for the tests of who is followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.people.finder import FoundPerson
from engine.people.track import Track, new_track
from engine.people.tracker import Tracker
from engine.skeleton import COCO17, MPII16
from engine.types import Box, Pose2D
from tests.conftest import STANDING

THRESHOLD = 0.3
RATE = 30


def standing(x: float, height: float = 300, top: float = 100) -> np.ndarray:
    """(16, 2) MPII keypoints of somebody in the middle of ``x``."""
    return np.asarray(STANDING * height + [x, top], np.float32)


def found(x: float, score: float = 0.9, height: float = 300, top: float = 100) -> FoundPerson:
    """The same person as a finder sees it."""
    points = standing(x, height, top)
    names = [n if n in MPII16.keypoints else "head_top" for n in COCO17.keypoints]
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    box = Box(low[0], low[1], high[0], high[1], score)
    return FoundPerson(box, points[[MPII16.index(name) for name in names]])


def pose(x: float, score: float = 0.9, height: float = 300, top: float = 100) -> Pose2D:
    """The same person as a backbone sees it."""
    return Pose2D(standing(x, height, top), np.full(16, score, np.float32), MPII16)


def track(x: float, number: int = 0, id: int = 0) -> Track:
    return replace(new_track(number, found(x), 0.0), id=id)


class Stage:
    """People on a stage and a tracker that is told of them, 30 frames a second.

    What the backbone finds where it is asked to look is whoever is nearest there.
    """

    def __init__(self, people: int = 1) -> None:
        self.tracker, self.people, self.frame, self.looks = Tracker(), people, 0, 0

    def see(
        self,
        *places: float,
        finder: float = 0.9,
        backbone: float = 0.9,
        hidden: bool = False,
        coat: float | None = None,
    ) -> list[Track]:
        """The next frame, with people at these places; hidden: from the finder; coat: where it
        sees somebody who is not there, from afar.
        """
        tracker, time = self.tracker, 100 + self.frame / RATE
        self.frame += 1
        tracker.move(time)
        if tracker.look_is_due(self.people):
            self.looks += 1
            close_up = tracker.close_up()
            seen = [] if hidden else [found(x, finder) for x in places]
            seen += [found(coat, 0.1 if close_up else 0.4)] if coat else []
            tracker.see(seen, close_up)
        asked = tracker.to_pose(self.people)
        poses = [(t, self._look(t, places, backbone)) for t in asked]
        return tracker.judge(poses, THRESHOLD)

    def _look(self, track: Track, places: tuple[float, ...], score: float) -> Pose2D:
        middle = (track.box.x1 + track.box.x2) / 2
        near = [x for x in places if abs(x - middle) < 100]
        nearest = min(near, key=lambda x: abs(x - middle), default=None)
        return pose(middle, 0.1) if nearest is None else pose(nearest, score)
