"""Left and right of one person, mended where a backbone mixes them up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.people.sides import BELIEVED, LIMBS, Sides
from engine.skeleton import MPII16, kind_of
from engine.types import Pose2D
from tests.engine.people.sightings import RATE, THRESHOLD, pose

BODY = 300.0


def swapped(right: Pose2D, limb: str) -> Pose2D:
    order = np.arange(16)
    for i, name in enumerate(MPII16.keypoints):
        if kind_of(name) in LIMBS[limb]:
            order[i] = MPII16.flip[i]
    return replace(right, keypoints=right.keypoints[order], scores=right.scores[order])


def shown(sides: Sides, poses: list[Pose2D]) -> list[Pose2D]:
    return [sides(p, THRESHOLD, i / RATE, BODY) for i, p in enumerate(poses)]


@pytest.mark.parametrize("limb", LIMBS)
def test_limbs_swapped_for_some_frames_are_mended_and_counted_once(limb: str) -> None:
    walking = [pose(300 + 2 * i) for i in range(30)]
    poses = [swapped(p, limb) if 10 <= i < 20 else p for i, p in enumerate(walking)]
    sides = Sides()
    for given, truth in zip(shown(sides, poses), walking, strict=True):
        np.testing.assert_array_equal(given.keypoints, truth.keypoints)
    assert sides.swaps == 1


def test_a_single_frame_apart_two_swaps_are_two() -> None:
    sides, right = Sides(), pose(300)
    shown(sides, [right, swapped(right, "arms"), right, swapped(right, "arms"), right])
    assert sides.swaps == 2


def test_what_stays_swapped_for_half_a_second_is_believed() -> None:
    right = pose(300)
    other = swapped(right, "legs")
    given = shown(Sides(), [right] + [other] * (RATE + 1))
    np.testing.assert_array_equal(given[RATE // 3].keypoints, right.keypoints)
    np.testing.assert_array_equal(given[round(BELIEVED * RATE) + 2].keypoints, other.keypoints)


def test_whoever_turns_around_is_let_turn() -> None:
    """The sides come together, and part the other way round: nothing jumped."""
    front = pose(300)
    middle = np.array([300, 0])
    turning = []
    for angle in np.linspace(0, np.pi, 20):
        points = middle + (front.keypoints - middle) * [np.cos(angle), 1]
        turning.append(replace(front, keypoints=points.astype(np.float32)))
    sides = Sides()
    given = shown(sides, turning)
    assert sides.swaps == 0
    np.testing.assert_array_equal(given[-1].keypoints, turning[-1].keypoints)


def test_what_is_not_seen_says_nothing() -> None:
    right = pose(300)
    unseen = replace(swapped(right, "arms"), scores=np.full(16, 0.1, np.float32))
    sides = Sides()
    shown(sides, [right, unseen, right])
    assert sides.swaps == 0
