"""Frame → PoseResult on dots: finding, following, losing and finding again."""

from __future__ import annotations

import numpy as np
import pytest

from engine.estimator import SEARCH_EVERY, EstimatorSettings, PoseEstimator
from engine.keypoints.backbone import Backbone
from engine.types import Frame, PoseResult
from tests.conftest import DotRuntime, dot_estimator, dot_spec, draw_dots

EMPTY = np.full((480, 640, 3), 60, np.uint8)


def see(estimator: PoseEstimator, image: np.ndarray, index: int) -> PoseResult:
    return estimator.estimate(Frame(image, index, 100.0 + index / 30))


def test_the_first_frame_already_gives_the_person_where_it_is() -> None:
    image, truth = draw_dots()
    result = see(dot_estimator(), image, 0)
    assert result.backbone == "dots"
    assert np.abs(result.people[0].pose2d.keypoints - truth).max() < 6


@pytest.mark.parametrize("size", [150, 250, 440])
def test_a_person_is_found_near_and_far(size: float) -> None:
    image, truth = draw_dots(centre=450, top=20, size=size)
    (person,) = see(dot_estimator(), image, 0).people
    assert np.abs(person.pose2d.keypoints - truth).max() < max(4, size / 50)


def test_a_walking_person_is_followed_without_searching() -> None:
    runtime = DotRuntime()
    estimator = PoseEstimator(
        Backbone(dot_spec(), runtime), None, None, EstimatorSettings(smoothing=0)
    )
    for i in range(20):
        image, truth = draw_dots(centre=200 + 8 * i)
        (person,) = see(estimator, image, i).people
        assert np.abs(person.pose2d.keypoints - truth).max() < 6
    assert runtime.calls == 2 + 19  # search, refine, then one pass a frame


def test_nobody_in_view_is_an_ordinary_state_and_costs_no_more_than_the_search() -> None:
    runtime = DotRuntime()
    estimator = PoseEstimator(Backbone(dot_spec(), runtime), None)
    results = [see(estimator, EMPTY, i) for i in range(30)]
    assert all(result.people == () for result in results)
    assert runtime.calls <= 1 + 1 / SEARCH_EVERY


def test_whoever_leaves_is_gone_at_once_and_found_again() -> None:
    estimator, (image, _) = dot_estimator(), draw_dots()
    assert see(estimator, image, 0).people
    assert not see(estimator, EMPTY, 1).people
    assert see(estimator, image, 10).people


def test_limbs_that_come_back_into_view_are_found_again() -> None:
    """Only head and arms are in view, then the camera tilts down: the box must grow to the legs."""
    estimator = dot_estimator()
    upper, _ = draw_dots(top=200, size=500)  # hips and legs lie below the picture
    whole, truth = draw_dots(top=60, size=400)
    for i in range(10):
        (person,) = see(estimator, upper, i).people
    assert person.pose2d.scores[0] < 0.3
    for i in range(10, 60):
        (person,) = see(estimator, whole, i).people
    assert person.pose2d.scores[0] > 0.3
    assert np.abs(person.pose2d.keypoints - truth).max() < 8


def test_timings_name_every_stage() -> None:
    timings = see(dot_estimator(), draw_dots()[0], 0).timings
    assert {"crop", "backbone", "decode", "smooth", "lift", "total"} <= set(timings)
