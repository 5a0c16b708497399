"""Joint angles: their zeros, their signs, and no value where a joint is unseen."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17, mirror_name
from engine.space.floor import room_axes
from engine.space.horizon import up_of
from engine.space.joint_angles import ANGLES, joint_angles
from tests.engine.bodies import STANDING

EVERY = np.ones(len(H36M17), bool)
LEVEL = up_of(0, 0)  # before a camera that is not tilted
# Straight, of whole decimetres, facing the camera: right hip, knee, ankle, left …, as in H36M-17.
UPRIGHT = 100.0 * np.array(
    [
        (0, 0, 0), (-1, 0, 0), (-1, 4, 0), (-1, 8, 0), (1, 0, 0), (1, 4, 0), (1, 8, 0), (0, -2, 0),
        (0, -5, 0), (0, -6, 0), (0, -7, 0), (2, -5, 0), (2, -2, 0), (2, 0, 0), (-2, -5, 0),
        (-2, -2, 0), (-2, 0, 0),
    ]
)  # fmt: skip
FORWARD, BACK, OUT, UP, DOWN = (0, 0, -1), (0, 0, 1), (1, 0, 0), (0, -1, 0), (0, 1, 0)


def bent(*bones: tuple[str, str, tuple[float, ...]]) -> dict[str, float]:
    """The angles of UPRIGHT with bones (start, end, direction) laid anew, one after the other."""
    joints = UPRIGHT.copy()
    for start, end, direction in bones:
        a, b = H36M17.index(start), H36M17.index(end)
        joints[b] = joints[a] + 300 * np.array(direction) / np.linalg.norm(direction)
    return dict(zip(ANGLES, joint_angles(joints, EVERY, LEVEL).tolist(), strict=True))


def test_somebody_upright_has_no_angles() -> None:
    assert bent() == pytest.approx(dict.fromkeys(ANGLES, 0.0), abs=1e-6)


def test_before_a_camera_that_looks_down_the_lean_is_the_bodys() -> None:
    up = up_of(30.0, 10.0)
    from_above = UPRIGHT @ room_axes(LEVEL).T @ room_axes(up)
    angles = dict(zip(ANGLES, joint_angles(from_above, EVERY, up), strict=True))
    assert angles == pytest.approx(dict.fromkeys(ANGLES, 0.0), abs=1e-6)


@pytest.mark.parametrize(
    ("bones", "angle", "degrees"),
    [
        ([("left_knee", "left_ankle", BACK)], "left_knee_flexion", 90),
        ([("left_knee", "left_ankle", (0, 1, 1))], "left_knee_flexion", 45),
        ([("left_elbow", "left_wrist", FORWARD)], "left_elbow_flexion", 90),
        ([("left_elbow", "left_wrist", UP)], "left_elbow_flexion", 180),
        ([("left_hip", "left_knee", FORWARD)], "left_hip_flexion", 90),
        ([("left_hip", "left_knee", (0, 1, 1))], "left_hip_flexion", -45),
        ([("left_hip", "left_knee", (1, 1, 0))], "left_hip_flexion", 0),  # abduction is another
        ([("left_shoulder", "left_elbow", FORWARD)], "left_shoulder_elevation", 90),
        ([("left_shoulder", "left_elbow", OUT)], "left_shoulder_elevation", 90),
        ([("left_shoulder", "left_elbow", UP)], "left_shoulder_elevation", 180),
        ([("pelvis", "thorax", FORWARD)], "trunk_lean", 90),
        ([("pelvis", "thorax", (1, -1, 0))], "trunk_lean", 45),
        ([("pelvis", "thorax", (0, -1, -1))], "left_hip_flexion", 45),  # bowing on straight legs
    ],
)
def test_an_angle_grows_as_its_convention_says(
    bones: list[tuple[str, str, tuple[float, ...]]], angle: str, degrees: float
) -> None:
    assert bent(*bones)[angle] == pytest.approx(degrees, abs=1e-6)


def test_left_and_right_are_told_apart() -> None:
    angles = bent(("right_hip", "right_knee", FORWARD), ("right_shoulder", "right_elbow", UP))
    assert angles["right_hip_flexion"] == pytest.approx(90)
    assert angles["right_shoulder_elevation"] == pytest.approx(180)
    assert angles["left_hip_flexion"] == angles["left_shoulder_elevation"] == 0


def test_a_mirrored_person_has_mirrored_angles() -> None:
    rng = np.random.default_rng(0)
    joints = STANDING + rng.normal(0, 100, (50, 17, 3))
    mirrored = joints[:, H36M17.flip] * [-1, 1, 1]
    swap = [ANGLES.index(mirror_name(name)) for name in ANGLES]
    every = np.ones((50, 17), bool)
    np.testing.assert_allclose(
        joint_angles(mirrored, every, LEVEL), joint_angles(joints, every, LEVEL)[:, swap], atol=1e-9
    )


def test_all_but_the_lean_stay_when_the_whole_person_turns() -> None:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    before, after = (
        joint_angles(STANDING, EVERY, LEVEL),
        joint_angles(STANDING @ turn.T, EVERY, LEVEL),
    )
    np.testing.assert_allclose(after[:-1], before[:-1], atol=1e-4)
    assert abs(after[-1] - before[-1]) > 5


@pytest.mark.parametrize("joint", H36M17.keypoints)
def test_an_unseen_joint_takes_its_angles_with_it(joint: str) -> None:
    needs = {
        "knee_flexion": ("hip", "knee", "ankle"),
        "elbow_flexion": ("shoulder", "elbow", "wrist"),
        "shoulder_elevation": ("shoulder", "elbow"),
    }
    body = ("pelvis", "thorax")
    lost = set()
    for name in ANGLES:
        side, _, kind = name.partition("_")
        joints = {f"{side}_{part}" for part in needs.get(kind, ())}
        if kind == "hip_flexion":
            joints = {"left_hip", "right_hip", f"{side}_knee", *body}
        if kind in ("shoulder_elevation", "lean"):
            joints |= set(body)
        lost |= {name} if joint in joints else set()
    seen = EVERY.copy()
    seen[H36M17.index(joint)] = False
    angles = joint_angles(STANDING, seen, LEVEL)
    assert {name for name, value in zip(ANGLES, angles, strict=True) if np.isnan(value)} == lost


def test_nobody_and_joints_upon_each_other_have_no_angles() -> None:
    for joints in (np.full((2, 17, 3), np.nan), np.zeros((2, 17, 3))):
        angles = joint_angles(joints, np.ones((2, 17), bool), LEVEL)
        assert angles.shape == (2, len(ANGLES))
        assert np.isnan(angles).all()
