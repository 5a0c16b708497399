"""What a person teaches the room, and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.people.follower import LESSONS, Follower
from engine.space.lifter import Lifter
from engine.space.room import Room
from engine.types import Pose2D, Pose3D
from tests.engine.bodies import STANDING
from tests.engine.people.sightings import RATE, pose, track
from tests.engine.space.test_lifter import SPEC, Answers


def lessons(looks: range) -> list[int]:
    """The frames of two seconds in which the room is taught; looks: those in which the finder
    looks.
    """
    taught: list[int] = []
    room, follower = Room(), Follower(Lifter(SPEC, Answers(joints=STANDING[None])))

    def learn(pose: Pose2D, lifted: Pose3D, threshold: float, timestamp: float) -> None:
        taught.append(round(timestamp * RATE))

    room.learn = learn  # type: ignore[method-assign]
    for frame in range(2 * RATE):
        seen = replace(track(300, id=1), pose=pose(300), time=frame / RATE, shown_at=0.0)
        timings = {"find": 7.0} if frame in looks else {}
        assert follower(seen, 0.5, room, timings).pose3d is not None
    return taught


def test_a_lesson_waits_for_a_frame_without_a_look() -> None:
    every = round(LESSONS * RATE)
    taught = lessons(range(0, 2 * RATE, every))
    assert not set(taught[1:]) & set(range(0, 2 * RATE, every))
    assert np.diff(taught) == pytest.approx(every, abs=1)


def test_where_every_frame_has_a_look_there_are_half_as_many() -> None:
    assert len(lessons(range(2 * RATE))) == pytest.approx(len(lessons(range(0))) / 2, abs=1)
