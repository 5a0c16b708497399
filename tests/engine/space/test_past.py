"""The last second of a person at even steps, whatever the camera's rate."""

from __future__ import annotations

import numpy as np
import pytest

from engine.space.past import Past

EVERYTHING = np.ones(3, np.float32)


def walked(rate: float, seconds: float, pace: float = 100.0) -> Past:
    """Somebody whose keypoints have gone to the right since time 0, seen ``rate`` times a second,
    before a memory of 11 steps of a tenth of a second."""
    past = Past(window=11, rate=10.0)
    for frame in range(round(seconds * rate) + 1):
        past.add(frame / rate, np.full((3, 2), pace * frame / rate, np.float32), EVERYTHING)
    return past


@pytest.mark.parametrize("rate", [10, 15, 24, 60])
def test_steps_are_even_at_every_rate_of_a_camera(rate: float) -> None:
    keypoints, visible = walked(rate, seconds=2).steps()
    assert keypoints[:, 0, 0] == pytest.approx(np.linspace(100, 200, 11), abs=1e-3)
    assert (visible == 1).all()


def test_before_the_beginning_nothing_was_seen() -> None:
    visible = walked(30, seconds=0.5).steps()[1]
    assert visible[:, 0].tolist() == [0] * 5 + [1] * 6


def test_a_first_frame_is_all_there_is() -> None:
    keypoints, visible = walked(30, seconds=0).steps()
    assert visible.sum() == 3
    assert np.isfinite(keypoints).all()


def test_across_a_long_gap_nothing_was_seen() -> None:
    past = walked(30, seconds=2)
    past.add(2.5, np.full((3, 2), 250, np.float32), EVERYTHING)
    assert past.steps()[1][:, 0].tolist() == [1] * 6 + [0] * 4 + [1]


def test_a_keypoint_is_as_sure_as_in_the_less_sure_frame() -> None:
    past = Past(window=3, rate=10.0)
    for time, sure in ((0.0, 1.0), (0.15, 0.0), (0.2, 0.8)):
        past.add(time, np.zeros((1, 2), np.float32), np.array([sure], np.float32))
    assert past.steps()[1][:, 0] == pytest.approx([1, 0, 0.8])


def test_a_time_that_goes_back_is_another_beginning() -> None:
    past = walked(30, seconds=2)
    past.add(0.0, np.zeros((3, 2), np.float32), EVERYTHING)
    assert past.steps()[1].sum() == 3
