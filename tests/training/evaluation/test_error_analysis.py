"""Each piece of the truth takes away the error that it should, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from engine.space.camera import look_at
from tests.training.moves import standing_clip
from training.datasets.motion.mocap import h36m17
from training.evaluation.error_analysis import oracles

TRUTH = (h36m17(standing_clip()) - h36m17(standing_clip())[:, :1]).repeat(4, axis=0) * 1000.0
SIZES = np.array([0.8, 0.9, 1.1, 1.2])[:, None, None]
TILT = np.deg2rad(12)
PITCHED = TRUTH @ np.array(
    [[1, 0, 0], [0, np.cos(TILT), -np.sin(TILT)], [0, np.sin(TILT), np.cos(TILT)]]
)


@pytest.mark.parametrize(
    ("found", "gone"),
    [
        (TRUTH, {"nothing"}),
        (TRUTH * SIZES, {"size of each pose", "orientation and size", "bone lengths"}),
        (TRUTH * 0.9, {"one size for all", "size of each pose", "bone lengths"}),
        (PITCHED, {"camera pitch of each pose", "orientation of each pose"}),
        (TRUTH @ look_at(np.array([1.0, 2, 3]), np.zeros(3)), {"orientation of each pose"}),
        (TRUTH * [1, 1, 0.5], {"depths of all joints"}),
        (TRUTH * [0.5, 1, 1], {"places across the picture"}),
    ],
)
def test_the_piece_that_was_wrong_is_the_one_that_helps(found: np.ndarray, gone: set[str]) -> None:
    left = oracles(found, TRUTH)
    assert all(left[name] < 0.5 for name in gone)
    assert gone == {"nothing"} or left["nothing"] > 5


def test_a_joint_that_is_always_off_in_the_body_is_seen_as_that() -> None:
    found = TRUTH.copy()
    found[:, 10] += [0, 80, 0]
    left = oracles(found, TRUTH)
    assert left["mean error of each joint, in the trunk's axes"] == pytest.approx(0, abs=0.5)
    assert left["nothing"] == pytest.approx(80 / 17)
