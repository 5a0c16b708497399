"""Frame → PoseResult on dots: finding, following, losing and finding again."""

from __future__ import annotations

import numpy as np
import pytest

from engine.estimator import EstimatorSettings, PoseEstimator
from engine.keypoints.backbone import Backbone
from engine.people.finder import Finder
from engine.types import Frame, PoseResult
from tests.conftest import (
    DotFinderRuntime,
    DotRuntime,
    dot_estimator,
    dot_finder,
    dot_spec,
    draw_dots,
    draw_two,
)

EMPTY = np.full((480, 640, 3), 60, np.uint8)


def see(estimator: PoseEstimator, image: np.ndarray, index: int) -> PoseResult:
    return estimator.estimate(Frame(image, index, 100.0 + index / 30))


def test_the_first_frame_already_gives_the_person_where_it_is() -> None:
    image, truth = draw_dots()
    result = see(dot_estimator(), image, 0)
    assert result.backbone == "dots"
    assert np.abs(result.people[0].pose2d.keypoints - truth).max() < 8


@pytest.mark.parametrize("size", [150, 250, 440])
def test_a_person_is_found_near_and_far(size: float) -> None:
    image, truth = draw_dots(centre=450, top=20, size=size)
    (person,) = see(dot_estimator(), image, 0).people
    assert np.abs(person.pose2d.keypoints - truth).max() < max(4, size / 50)


def test_a_walking_person_is_followed_with_one_pose_a_frame_and_few_looks() -> None:
    backbone, finder = DotRuntime(), DotFinderRuntime()
    estimator = PoseEstimator(
        Backbone(dot_spec(), backbone),
        None,
        Finder(dot_spec(task="find_people"), finder),
        EstimatorSettings(smoothing=0),
    )
    for i in range(60):
        image, truth = draw_dots(centre=200 + 3 * i)
        (person,) = see(estimator, image, i).people
        assert np.abs(person.pose2d.keypoints - truth).max() < 8
    assert backbone.calls == 60
    assert finder.calls <= 25  # every frame of half a second, then five a second


def test_nobody_in_view_is_an_ordinary_state_and_costs_no_backbone() -> None:
    runtime = DotRuntime()
    estimator = PoseEstimator(Backbone(dot_spec(), runtime), None, dot_finder())
    results = [see(estimator, EMPTY, i) for i in range(30)]
    assert all(result.people == () and result.subject is None for result in results)
    assert runtime.calls == 0


def test_whoever_leaves_is_gone_at_once_and_is_the_same_a_moment_later() -> None:
    estimator, (image, _) = dot_estimator(), draw_dots()
    (before,) = [see(estimator, image, i) for i in range(30)][-1].people
    assert not see(estimator, EMPTY, 30).people
    (after,) = [see(estimator, image, i) for i in range(40, 50)][-1].people
    assert after.id == before.id


def test_several_people_are_followed_each_with_a_skeleton() -> None:
    estimator = dot_estimator(settings=EstimatorSettings(people=2))
    image, left, right = draw_two()
    for i in range(10):
        result = see(estimator, image, i)
    nearest, other = result.people
    assert result.subject is nearest
    assert np.abs(nearest.pose2d.keypoints - right).max() < 8
    assert np.abs(other.pose2d.keypoints - left).max() < 8
    assert {nearest.id, other.id} == {1, 2}


def test_of_several_people_one_is_the_subject_and_the_others_are_boxes_to_choose() -> None:
    estimator = dot_estimator()
    image, left, _right = draw_two()
    for i in range(40):
        result = see(estimator, image, i)
    assert len(result.people) == len(result.others) == 1
    estimator.choose((160.0, 200.0))
    for i in range(40, 50):
        result = see(estimator, image, i)
    (person,) = result.people
    assert result.chosen
    assert np.abs(person.pose2d.keypoints - left).max() < 8


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (480, 640), (4000, 8000)])
@pytest.mark.parametrize("kind", ["colour", "noise"])
def test_any_frame_has_an_answer(shape: tuple[int, int], kind: str) -> None:
    rng, estimator = np.random.default_rng(0), dot_estimator()
    image = np.full((*shape, 3), (60, 255, 0), np.uint8)
    if kind == "noise":
        image[:] = rng.integers(0, 256, (*shape, 1), np.uint8)
    for i in range(3):
        see(estimator, image, i)


def test_a_threshold_that_hides_every_joint_loses_nobody() -> None:
    estimator = dot_estimator(settings=EstimatorSettings(threshold=1.01))
    results = [see(estimator, draw_dots()[0], i) for i in range(30)]
    assert all(len(result.people) == 1 for result in results)


def test_ids_go_on_after_another_source() -> None:
    estimator, (image, _) = dot_estimator(), draw_dots()
    assert [person.id for person in see(estimator, image, 0).people] == [1]
    estimator.reset()
    assert [person.id for person in see(estimator, image, 0).people] == [2]


def test_whoever_is_in_the_first_frame_of_a_file_is_known_in_it() -> None:
    for image, people in ((draw_dots()[0], 1), (np.full((480, 640, 3), 90, np.uint8), 0)):
        estimator = dot_estimator()
        first = Frame(image, 0, 100.0)
        estimator.begin_with(first)
        assert len(estimator.estimate(first).people) == people


def test_what_was_counted_goes_on_with_another_backbone() -> None:
    before, after = dot_estimator(), dot_estimator()
    before._swaps = 7
    after.carry_on(before)
    assert see(after, draw_dots(480, 640)[0], 0).swaps == 7


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


def test_the_box_holds_every_limb_that_is_seen_also_between_two_looks_of_the_finder() -> None:
    estimator = dot_estimator(settings=EstimatorSettings(smoothing=0))
    for i in range(32):
        see(estimator, draw_dots(top=40, size=400)[0], i)
    image, keypoints = draw_dots(top=20, size=440)
    result = see(estimator, image, 32)
    box = result.people[0].box
    assert "find" not in result.timings
    assert np.all(keypoints >= np.array([box.x1, box.y1]) - 4)
    assert np.all(keypoints <= np.array([box.x2, box.y2]) + 4)


def test_timings_name_every_stage() -> None:
    timings = see(dot_estimator(), draw_dots()[0], 0).timings
    assert {"find", "crop", "backbone", "decode", "smooth", "lift", "total"} <= set(timings)


def test_raw_poses_depend_on_no_setting_of_the_view() -> None:
    views = [EstimatorSettings(smoothing=0.0, threshold=0.0), EstimatorSettings(1.0, threshold=1.0)]
    estimators = [dot_estimator(settings=view) for view in views]
    for i in range(5):
        image, _ = draw_dots(centre=200 + 3 * i)
        (one,), (other,) = (see(estimator, image, i).people for estimator in estimators)
        assert one.raw2d
        assert other.raw2d
        np.testing.assert_array_equal(one.raw2d.keypoints, other.raw2d.keypoints)
        np.testing.assert_array_equal(one.raw2d.scores, other.raw2d.scores)


def test_what_was_found_stays_beside_what_is_smoothed() -> None:
    estimator = dot_estimator(settings=EstimatorSettings(smoothing=1))
    for i in range(10):
        image, truth = draw_dots(centre=200 + 3 * i)
        (person,) = see(estimator, image, i).people
    assert person.raw2d is not None
    assert np.abs(person.raw2d.keypoints - truth).max() < 8
    assert np.abs(person.pose2d.keypoints - person.raw2d.keypoints).max() > 1


def test_a_finder_that_runs_otherwise_than_asked_says_so() -> None:
    estimator = dot_estimator()
    assert estimator.note == ""
    estimator.finder.runtime.note = "Until then model.onnx runs."
    assert estimator.note == "Until then model.onnx runs."
