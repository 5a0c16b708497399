"""BVH: forward kinematics by a library that is not the writer finds the joints where they were."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.session.export.markers import standing_markers
from engine.session.export.rotations import frame, swing, to_zxy
from engine.session.export.take import Take
from engine.session.recording import load_recording
from engine.skeleton import H36M17
from engine.space.floor import to_y_up
from tests.engine.bodies import STANDING, exported, make_session, moving, rotation, unseen

with warnings.catch_warnings():
    warnings.simplefilter("ignore", PendingDeprecationWarning)  # of its own imports
    import bvhio

TIPS = {"left_ankle", "right_ankle", "left_wrist", "right_wrist", "head_top"}
MILLIMETRE = 0.1  # cm


def kinematics(path: Path) -> dict[str, np.ndarray]:
    """Keypoint → (T, 3) cm."""
    root = bvhio.readAsHierarchy(str(path))
    ends = {joint.Name: joint.EndSite for joint, _, _ in bvhio.readAsBvh(str(path)).Root.layout()}
    places: dict[str, list[np.ndarray]] = {}
    for t in range(len(root.Keyframes)):
        root.loadPose(t)
        for joint, _, _ in root.layout():
            place = np.array(list(joint.PositionWorld))
            places.setdefault(joint.Name, []).append(place)
            if not joint.Children:
                bone = np.linalg.norm(list(ends[joint.Name])) * np.array(list(joint.UpWorld))
                places.setdefault(tip_of(joint.Name), []).append(place + bone)
    return {name: np.array(place) for name, place in places.items()}


def tip_of(joint: str) -> str:
    return next(child for parent, child in H36M17.bones if parent == joint)


def joints_of(session: Path) -> dict[str, np.ndarray]:
    """Keypoint → (T, 3) cm, as they were."""
    take = Take(load_recording(session), session)
    points = to_y_up(standing_markers(take).points) * 100
    return dict(zip(H36M17.keypoints, points.swapaxes(0, 1), strict=True))


def test_joints_are_where_they_were_where_bones_keep_their_length(tmp_path: Path) -> None:
    session = make_session(tmp_path / "take", moving(60))
    found, wanted = kinematics(exported(session, "bvh")), joints_of(session)
    for name in H36M17.keypoints:
        np.testing.assert_allclose(found[name], wanted[name], atol=MILLIMETRE, err_msg=name)
    start = {"left_pelvis": "pelvis", "right_thorax": "thorax"}
    for name, at in start.items():
        np.testing.assert_allclose(found[name], wanted[at], atol=MILLIMETRE)


def test_where_lengths_jitter_the_directions_are_kept(tmp_path: Path) -> None:
    noisy = STANDING + np.random.default_rng(0).normal(0, 15, (40, 17, 3)).astype(np.float32)
    session = make_session(tmp_path / "take", noisy)
    found, wanted = kinematics(exported(session, "bvh")), joints_of(session)
    for parent, child in H36M17.bones:
        a, b = found[child] - found[parent], wanted[child] - wanted[parent]
        cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        np.testing.assert_allclose(cosine, 1, atol=1e-6, err_msg=child)


def test_the_rest_pose_is_a_t(tmp_path: Path) -> None:
    joints = {name: joint for joint, _, _ in
              bvhio.readAsBvh(str(exported(make_session(tmp_path / "take"), "bvh"))).Root.layout()
              for name in [joint.Name]}  # fmt: skip
    assert list(joints["left_knee"].Offset) == pytest.approx([0, -43.0, 0], abs=0.1)
    assert list(joints["left_elbow"].Offset) == pytest.approx([29.2, 0, 0], abs=0.1)
    assert list(joints["right_elbow"].Offset) == pytest.approx([-29.2, 0, 0], abs=0.1)
    assert list(joints["spine"].Offset) == pytest.approx([0, 25, 0], abs=0.1)
    assert list(joints["left_pelvis"].Offset) == [0, 0, 0]


def test_a_bone_that_is_not_seen_holds_its_last_rotation(tmp_path: Path) -> None:
    scores = unseen("left_wrist", frames=9, at=slice(4, 9))
    session = make_session(tmp_path / "take", moving(9), scores2d=scores)
    motion = exported(session, "bvh").read_text().split("Frame Time: ")[1].splitlines()[1:]
    angles = np.array([[float(value) for value in line.split()] for line in motion])[:, 6:]
    frozen = [(np.ptp(column[3:]) == 0) for column in angles.T]
    held = [joint.Name for joint, _, _ in bvhio.readAsBvh(str(session / "take.bvh")).Root.layout()]
    assert [held[1 + k // 3] for k in range(len(frozen)) if frozen[k]] == ["left_elbow"] * 3
    assert all(np.ptp(column[:4]) > 0 for column in angles.T)


def test_nobody_holds_the_whole_pose(tmp_path: Path) -> None:
    joints = moving(8)
    joints[4:7] = np.nan
    found = kinematics(exported(make_session(tmp_path / "take", joints), "bvh"))
    for place in found.values():
        np.testing.assert_allclose(place[4:7], np.stack([place[3]] * 3), atol=1e-3)


# Rotations


def zxy(angles: np.ndarray) -> np.ndarray:
    z, x, y = np.deg2rad(angles).T
    return np.asarray(rotation("z", z) @ rotation("x", x) @ rotation("y", y))


def test_angles_give_the_rotation_back_also_where_two_axes_are_one() -> None:
    rng = np.random.default_rng(0)
    angles = rng.uniform(-180, 180, (200, 3))
    angles[:20, 1], angles[20:40, 1] = 90, -90
    rotations = zxy(angles)
    np.testing.assert_allclose(zxy(to_zxy(rotations)), rotations, atol=1e-6)


def test_angles_go_on_beyond_half_a_turn() -> None:
    turning = zxy(np.column_stack([np.zeros(100), np.zeros(100), np.arange(100) * 10.0]))
    np.testing.assert_allclose(to_zxy(turning)[:, 2], np.arange(100) * 10.0, atol=1e-6)


def test_a_swing_takes_the_shortest_way_and_a_half_turn_to_the_opposite() -> None:
    rest = np.array([0.0, -2, 0])
    directions = np.random.default_rng(0).normal(size=(50, 3))
    directions[0], directions[1] = rest, -rest
    turns = swing(rest, directions)
    unit = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    np.testing.assert_allclose(turns @ rest / 2, unit, atol=1e-9)
    np.testing.assert_allclose(
        turns @ np.swapaxes(turns, 1, 2), np.stack([np.eye(3)] * 50), atol=1e-9
    )
    angle = np.arccos((np.trace(turns, axis1=1, axis2=2) - 1) / 2)
    np.testing.assert_allclose(angle, np.arccos((unit @ rest / 2).clip(-1, 1)), atol=1e-6)


def test_a_frame_keeps_up_and_comes_near_to_left() -> None:
    turned = frame(np.array([[0.0, 3, 0]]), np.array([[1.0, 1, 0]]))
    np.testing.assert_allclose(turned[0], np.eye(3), atol=1e-12)
    assert np.isnan(frame(np.zeros((1, 3)), np.ones((1, 3)))).all()
