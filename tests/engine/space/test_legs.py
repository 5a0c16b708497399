"""Legs as they can be: hidden ones are guessed, knees and elbows bend no further than in people."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17
from engine.space.hidden_legs import HiddenLegs
from engine.space.horizon import up_of
from engine.space.joint_limits import MOST_FLEXION, within_limits
from tests.engine.bodies import STANDING, moving

AT = {name: index for index, name in enumerate(H36M17.keypoints)}
UP = up_of(0, 0)
LEVEL = 5  # mm


def seen_without(*names: str) -> np.ndarray:
    return np.array([not any(name in joint for name in names) for joint in H36M17.keypoints])


def test_legs_that_are_seen_stay() -> None:
    np.testing.assert_array_equal(HiddenLegs()(STANDING, seen_without(), UP, 0.0), STANDING)


@pytest.mark.parametrize(("crown", "sits"), [(0.2, True), (0.6, False)])
def test_whoever_hides_the_legs_sits_or_stands_as_the_head_says(crown: float, sits: bool) -> None:
    legs = HiddenLegs()
    legs.judge(crown, camera=1.1, body=1.7)
    joints = legs(STANDING, seen_without("knee", "ankle"), UP, 0.0)
    for side in ("left", "right"):
        hip, knee, ankle = (joints[AT[f"{side}_{part}"]] for part in ("hip", "knee", "ankle"))
        assert (abs(knee[1] - hip[1]) < LEVEL) == sits
        assert ankle[1] - knee[1] > 400  # the shank hangs
        if sits:
            assert knee[2] < hip[2] - 400  # towards the camera, to which the body turns


def test_a_guess_comes_and_goes_smoothly() -> None:
    legs, hidden = HiddenLegs(), seen_without("knee", "ankle")
    legs(STANDING, seen_without(), UP, 0.0)
    heights = [legs(STANDING, hidden, UP, t / 10)[AT["left_knee"], 1] for t in range(1, 20)]
    assert np.abs(np.diff([STANDING[AT["left_knee"], 1], *heights])).max() < 250
    assert heights[-1] == pytest.approx(STANDING[AT["left_hip"], 1], abs=20)


def test_a_knee_that_bends_backwards_turns_to_the_front() -> None:
    wrong = STANDING.copy()
    wrong[[AT["left_knee"], AT["right_knee"]], 2] += 150  # away from the camera
    right = within_limits(wrong)
    assert (right[[AT["left_knee"], AT["right_knee"]], 2] < STANDING[AT["left_hip"], 2] + 30).all()
    bones = H36M17.bone_indices
    lengths = [np.linalg.norm(p[bones[:, 0]] - p[bones[:, 1]], axis=1) for p in (wrong, right)]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=0.01)


def test_no_elbow_or_knee_folds_further_than_it_can() -> None:
    for pose in moving(40):
        limited = within_limits(pose)
        for start, middle, end in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle")):
            a, b, c = (limited[AT[f"left_{part}"]].astype(float) for part in (start, middle, end))
            upper, lower = b - a, c - b
            cosine = upper @ lower / np.linalg.norm(upper) / np.linalg.norm(lower)
            assert np.rad2deg(np.arccos(cosine)) < MOST_FLEXION + 0.5


def test_a_pose_that_people_can_take_stays() -> None:
    np.testing.assert_allclose(within_limits(STANDING), STANDING, atol=30)
