"""The skeleton does not breathe: one person's bones keep their lengths."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17
from engine.space.bone_lengths import GIVE, LONGEST_GAP, SteadyBones
from engine.types import Pose3D
from tests.engine.bodies import STANDING

RATE = 30.0
THRESHOLD = 0.2
BONES = H36M17.bone_indices
FOREARM = H36M17.bones.index(("left_elbow", "left_wrist"))


def lengths(joints: np.ndarray) -> np.ndarray:
    """(..., 17, 3) → (..., 16)."""
    return np.asarray(
        np.linalg.norm(joints[..., BONES[:, 1], :] - joints[..., BONES[:, 0], :], axis=-1)
    )


def directions(joints: np.ndarray) -> np.ndarray:
    bones = joints[BONES[:, 1]] - joints[BONES[:, 0]]
    return np.asarray(bones / np.linalg.norm(bones, axis=1, keepdims=True))


def steady(
    bones: SteadyBones, joints: np.ndarray, time: float, scores: np.ndarray | None = None
) -> np.ndarray:
    seen = np.ones(17, np.float32) if scores is None else scores
    return bones(Pose3D(joints.astype(np.float32), seen, H36M17), THRESHOLD, time)


def follow(bones: SteadyBones, frames: np.ndarray, start: float = 0.0) -> np.ndarray:
    return np.stack([steady(bones, f, start + t / RATE) for t, f in enumerate(frames)])


def test_a_body_that_breathes_stands_still() -> None:
    breath = 1 + 0.3 * np.sin(np.arange(300) / 5)
    shown = follow(SteadyBones(), STANDING * breath[:, None, None])
    settled = lengths(shown[60:])
    assert np.abs(settled / np.median(settled, axis=0) - 1).max() < 0.15


def test_directions_and_the_pelvis_stay_the_lifters() -> None:
    moved = STANDING * 1.2 + [30.0, -20.0, 10.0]
    shown = steady(SteadyBones(), moved, 0.0)
    assert shown[0] == pytest.approx(moved[0])
    assert directions(shown) == pytest.approx(directions(moved), abs=1e-4)


def test_the_lengths_of_this_person_are_learned_left_and_right_alike() -> None:
    tall = 1.2 * steady(SteadyBones(), STANDING, 0.0)
    shown = follow(SteadyBones(), np.repeat(tall[None], 600, axis=0))
    off = [np.abs(lengths(shown[t]) / lengths(tall) - 1).max() for t in (0, 599)]
    assert off[1] <= GIVE < off[0]


def test_a_bone_that_collapses_keeps_its_length_and_its_direction() -> None:
    frames = np.repeat(STANDING[None], 60, axis=0)
    hips = [H36M17.index("left_hip"), H36M17.index("right_hip")]
    frames[40:, hips] *= -0.05
    shown = follow(SteadyBones(), frames)
    assert shown[-1, hips, 0] == pytest.approx(shown[39, hips, 0], rel=0.15)


def test_what_is_not_seen_teaches_nothing() -> None:
    bones, wrong = SteadyBones(), STANDING.copy()
    wrong[H36M17.index("left_wrist")] += [0, 150, 0]
    scores = np.ones(17, np.float32)
    scores[H36M17.index("left_wrist")] = 0.1
    first = lengths(steady(bones, STANDING, 0.0))[FOREARM]
    for t in range(1, 300):
        steady(bones, wrong, t / RATE, scores)
    assert lengths(steady(bones, STANDING, 10.0))[FOREARM] == pytest.approx(first, rel=0.01)


def test_whoever_comes_after_a_gap_is_another_person() -> None:
    bones = SteadyBones()
    fresh = steady(SteadyBones(), STANDING, 0.0)
    follow(bones, np.repeat(STANDING[None] * 1.25, 600, axis=0))
    assert steady(bones, STANDING, 20.0 + 0.5 * LONGEST_GAP)[1] != pytest.approx(fresh[1])
    assert steady(bones, STANDING, 40.0) == pytest.approx(fresh)


@pytest.mark.parametrize("joints", [np.zeros((17, 3)), np.full((17, 3), 1e6)])
def test_impossible_joints_stay_finite(joints: np.ndarray) -> None:
    assert np.isfinite(steady(SteadyBones(), joints, 0.0)).all()
