"""What was found in the mirror lies in the picture."""

from __future__ import annotations

import numpy as np

from engine.people.mirror import mirrored_box, mirrored_person, mirrored_pose
from engine.skeleton import MPII16
from engine.types import Box
from tests.engine.people.sightings import found, pose


def test_left_becomes_right_and_back() -> None:
    assert mirrored_box(Box(10, 20, 60, 90, 0.5), 640) == Box(580, 20, 630, 90, 0.5)
    wrist = mirrored_pose(pose(100), 640).keypoints[MPII16.index("left_wrist")]
    np.testing.assert_allclose(
        wrist, [640, 0] + pose(100).keypoints[MPII16.index("right_wrist")] * [-1, 1]
    )


def test_twice_is_nothing() -> None:
    person, seen = found(100), pose(100)
    again = mirrored_person(mirrored_person(person, 640), 640)
    np.testing.assert_allclose(again.keypoints, person.keypoints, atol=1e-3)
    twice = mirrored_pose(mirrored_pose(seen, 640), 640)
    np.testing.assert_allclose(twice.keypoints, seen.keypoints, atol=1e-3)
