"""A pose in camera axes becomes a person who stands upright on the floor."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17
from engine.space.floor import HIP_HEIGHT, Standing, to_upright, to_y_up
from engine.types import Pose3D
from tests.engine.bodies import STANDING

EVERY = np.ones(17, bool)
HEAD, LEFT_ANKLE, RIGHT_ANKLE = (
    H36M17.index(name) for name in ("head_top", "left_ankle", "right_ankle")
)


def pose(keypoints: np.ndarray = STANDING) -> Pose3D:
    return Pose3D(keypoints, EVERY.astype(np.float32), H36M17)


def test_camera_axes_turn_upright() -> None:
    right, down, away = np.eye(3) * 1000  # mm
    turned = to_upright(np.stack([right, down, away]))
    np.testing.assert_allclose(turned, [[1, 0, 0], [0, 0, -1], [0, 1, 0]], atol=1e-9)
    np.testing.assert_allclose(to_y_up(turned), [[1, 0, 0], [0, -1, 0], [0, 0, -1]], atol=1e-9)


def test_the_mirror_swaps_right_and_left_only() -> None:
    plain, mirrored = to_upright(STANDING), to_upright(STANDING, mirror=True)
    np.testing.assert_allclose(mirrored, plain * [-1, 1, 1], atol=1e-9)


def test_the_lowest_foot_rests_on_the_floor() -> None:
    one_leg_up = STANDING.copy()
    one_leg_up[LEFT_ANKLE, 1] -= 400
    points = Standing().place(pose(one_leg_up), EVERY, timestamp=0.0, mirror=False)
    assert points[RIGHT_ANKLE, 2] == pytest.approx(0)
    assert points[LEFT_ANKLE, 2] == pytest.approx(0.4)
    assert points[HEAD, 2] == pytest.approx(1.6)


def test_without_feet_the_hips_are_at_their_usual_height() -> None:
    seen = EVERY.copy()
    seen[[LEFT_ANKLE, RIGHT_ANKLE]] = False
    points = Standing().place(pose(), seen, timestamp=0.0, mirror=False)
    assert points[0, 2] == pytest.approx(HIP_HEIGHT)


def test_a_new_height_is_reached_smoothly_and_at_once_by_somebody_new() -> None:
    crouching = STANDING * np.array([1, 0.5, 1], np.float32)
    standing = Standing()
    standing.place(pose(), EVERY, 0.0, mirror=False)
    heights = [
        standing.place(pose(crouching), EVERY, t, mirror=False)[0, 2] for t in (0.05, 0.1, 2)
    ]
    assert 0.86 > heights[0] > heights[1] > 0.45
    assert heights[2] == pytest.approx(0.43, abs=0.01)
    standing.leave()
    assert standing.place(pose(), EVERY, 2.1, mirror=False)[0, 2] == pytest.approx(0.86)


def test_a_take_stands_as_its_frames_did() -> None:
    times = np.array([0, 0.03, 0.07, 0.5])
    joints = STANDING * np.array([[1, 1, 1], [1, 0.9, 1], [1, 0.5, 1], [1, 0.5, 1]])[:, None]
    joints[1] = np.nan
    seen = np.repeat(np.isfinite(joints[:, :1, 0]), len(STANDING), axis=1)
    whole = Standing().place_take(joints, seen, times)
    live = Standing()
    for t, time in enumerate(times):
        if t == 1:
            live.leave()
            assert np.isnan(whole[t]).all()
        else:
            placed = live.place(pose(joints[t]), EVERY, time, mirror=False)
            np.testing.assert_allclose(whole[t], placed, atol=1e-6)
