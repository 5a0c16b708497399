"""Skeletons, crops, heatmaps, boxes: inverse maps are tested as pairs."""

from __future__ import annotations

import numpy as np
import pytest

from engine.keypoints.crop import apply_affine, crop_frame, crop_matrix, invert
from engine.keypoints.heatmaps import Decoding, decode, encode
from engine.people.person_box import between, box_around, overlap
from engine.skeleton import COCO17, H36M17, MPII16, SKELETONS, Skeleton, convert_keypoints
from engine.types import Box


@pytest.mark.parametrize("skeleton", SKELETONS.values(), ids=SKELETONS)
def test_flipping_twice_is_the_identity_and_swaps_every_side(skeleton: Skeleton) -> None:
    assert (skeleton.flip[skeleton.flip] == np.arange(len(skeleton))).all()
    for name, other in zip(skeleton.keypoints, skeleton.flip, strict=True):
        assert name.startswith(("left", "right")) == (skeleton.keypoints[other] != name)


def test_joint_sets_have_the_order_of_the_field() -> None:
    assert (len(MPII16), len(COCO17), len(H36M17)) == (16, 17, 17)
    assert MPII16.index("left_shoulder") == 13
    assert COCO17.index("right_ankle") == 16
    assert H36M17.index("right_wrist") == 16


def test_derived_joints_are_means_and_as_sure_as_their_least_sure_part() -> None:
    keypoints = np.arange(34, dtype=np.float32).reshape(17, 2)
    scores = np.linspace(1, 0.2, 17).astype(np.float32)
    points, sure = convert_keypoints(keypoints, scores, COCO17, ["pelvis", "nose"])
    hips = [COCO17.index("left_hip"), COCO17.index("right_hip")]
    np.testing.assert_allclose(points[0], keypoints[hips].mean(axis=0))
    np.testing.assert_allclose(points[1], keypoints[0])
    np.testing.assert_allclose(sure, [scores[hips].min(), scores[0]])


def test_feeds_say_where_a_lifter_takes_its_joints_from() -> None:
    keypoints = np.arange(32, dtype=np.float32).reshape(16, 2)
    feeds = {"spine": "thorax", "thorax": "upper_neck"}
    points, _ = convert_keypoints(keypoints, np.ones(16), MPII16, ["spine", "thorax"], feeds)
    np.testing.assert_array_equal(points, keypoints[[7, 8]])


def test_a_joint_the_source_cannot_give_is_named() -> None:
    with pytest.raises(ValueError, match="upper_neck"):
        convert_keypoints(np.zeros((17, 2)), np.ones(17), COCO17, ["upper_neck"])


@pytest.mark.parametrize("rotation", [0.0, 30.0])
def test_to_crop_and_back_is_the_identity(rotation: float) -> None:
    to_crop = crop_matrix(Box(100, 50, 220, 400), (256, 192), rotation=rotation)
    points = np.array([[100, 50], [160, 225], [300, 10]], np.float32)
    back = apply_affine(invert(to_crop), apply_affine(to_crop, points))
    np.testing.assert_allclose(back, points, atol=1e-2)


def test_a_box_lands_in_the_middle_of_its_crop_with_padding_around() -> None:
    to_crop = crop_matrix(Box(100, 100, 200, 300), (256, 256), padding=1.25)
    corners = apply_affine(to_crop, np.array([[150, 200], [150, 100]], np.float32))
    expected = np.array([[128, 128], [128, 128 - 128 / 1.25]])
    np.testing.assert_allclose(corners, expected, atol=1e-3)


def test_outside_the_picture_is_black() -> None:
    crop = crop_frame(np.full((100, 100, 3), 255, np.uint8), Box(-100, 0, 0, 100), (64, 64))
    assert crop.image[:, :32].max() == 0
    assert crop.image[32, 60].min() > 200


@pytest.mark.parametrize(("method", "tolerance"), [("quarter", 1.0), ("dark", 0.05)])
def test_decoding_finds_what_encoding_put_there(method: Decoding, tolerance: float) -> None:
    rng = np.random.default_rng(0)
    keypoints = rng.uniform(30, 220, (16, 2)).astype(np.float32)
    found, scores = decode(encode(keypoints, (64, 64), sigma=2.0), method)
    assert np.abs(found - keypoints).max() <= tolerance  # input pixels
    assert scores.min() > 0.9


def test_a_peak_on_the_border_stays_there() -> None:
    maps = encode(np.array([[0.0, 0.0], [252.0, 252.0]], np.float32), (64, 64))
    np.testing.assert_allclose(decode(maps, "dark")[0], [[0, 0], [252, 252]])


def test_a_box_between_two_is_the_share_of_the_way() -> None:
    box = between(Box(0, 0, 10, 10, 0.2), Box(-10, 0, 20, 30, 0.8), 0.5)
    assert box == Box(-5, 0, 15, 20, 0.8)


def test_box_around_leaves_room_for_head_and_hands() -> None:
    box = box_around(np.array([[10, 0], [30, 100]], np.float32), 0.5)
    assert (box.x1, box.y1, box.x2, box.y2, box.score) == (0, -10, 40, 110, 0.5)


def test_boxes_overlap_by_the_share_of_both_that_is_common() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert overlap(Box(0, 0, 10, 10), Box(20, 0, 30, 10)) == 0
