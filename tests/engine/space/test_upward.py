"""Where up is, in the mean of what is said of many poses."""

from __future__ import annotations

import numpy as np
import pytest

from engine.space.horizon import tilt_of, up_of
from engine.space.upward import MEMORY, Upward


def spread(mm: float) -> np.ndarray:
    return np.full((17, 3), mm, np.float32)


def test_what_leans_one_way_and_the_other_is_upright_in_the_mean() -> None:
    upward = Upward()
    for t in range(20):
        upward.hear(up_of(10 + 8 * (-1) ** t, 2), None, t / 5)
    assert tilt_of(upward.mean) == pytest.approx((10, 2), abs=0.5)
    assert upward.heard == 20


def test_sure_poses_count_more() -> None:
    upward = Upward()
    upward.hear(up_of(0, 0), spread(40), 0.0)
    upward.hear(up_of(20, 0), spread(120), 0.1)
    assert tilt_of(upward.mean)[0] < 1


def test_a_camera_that_was_moved_is_known_again() -> None:
    upward = Upward()
    for t in range(200):
        upward.hear(up_of(0 if t < 100 else 20, 0), None, t * MEMORY / 50)
    assert tilt_of(upward.mean)[0] == pytest.approx(20, abs=3)
