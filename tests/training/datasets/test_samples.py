"""A labelled picture → what a network is shown: the picture, its targets and weights fit."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.keypoints.crop import apply_affine, crop_frame, crop_matrix
from engine.keypoints.heatmaps import decode
from engine.models.model_spec import STRIDE
from engine.people.person_box import box_around
from engine.skeleton import COCO17, MPII16
from engine.types import Box
from tests.conftest import draw_dots
from training.datasets.pictures.augment import joint_weights, make_sample
from training.datasets.pictures.augmentation import (
    HRNET_COCO,
    HRNET_MPII,
    NEWELL,
    SIMPLE_BASELINE,
    Augmentation,
)
from training.datasets.pictures.labels import Picture
from training.datasets.pictures.loader_speed import samples_per_second
from training.datasets.pictures.photometric import multiply_channels
from training.datasets.pictures.random_crop import person_box, random_crop

STILL = Augmentation(0, scale=0, shift=0, half_body=0, background=0, colour=0, flip=0, webcam=False)
SIZE = (256, 192)


def dots(scale: int = 1, labelled: np.ndarray | None = None) -> Picture:
    image, keypoints = draw_dots(240 * scale, 200 * scale, 100 * scale, 20 * scale, 200 * scale)
    encoded = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()
    seen = np.ones(16, bool) if labelled is None else labelled
    return Picture("dots", encoded, keypoints, seen, np.ones(16, np.float32))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_without_augmentation_it_is_the_crop_the_app_would_cut(rng: np.random.Generator) -> None:
    picture = dots()
    sample = make_sample(picture, SIZE, 2.0, STILL, rng)
    live = crop_frame(picture.image(), person_box(picture), SIZE)
    np.testing.assert_array_equal(sample.image, live.image)


def test_targets_are_a_quarter_of_any_input_and_peak_where_the_joints_are(
    rng: np.random.Generator,
) -> None:
    sample = make_sample(dots(), SIZE, 2.0, STILL, rng)
    assert sample.image.shape == (*SIZE, 3)
    assert sample.heatmaps.shape == (16, SIZE[0] // STRIDE, SIZE[1] // STRIDE)
    x, y = decode(sample.heatmaps)[0].round().astype(int).T
    assert (sample.image[y, x, 1] > 200).all()  # dots are green where nothing else is


def centre(image: np.ndarray) -> np.ndarray:
    """(x, y) of the middle of all green, which only dots have."""
    green = image[..., 1].astype(float)
    places = np.meshgrid(np.arange(image.shape[1]), np.arange(image.shape[0]))
    return np.array([np.average(place, weights=green) for place in places])


@pytest.mark.parametrize("scale", [2, 4, 8])
def test_a_picture_decoded_small_shows_its_joints_at_the_same_place(
    scale: int, rng: np.random.Generator
) -> None:
    picture = dots(scale)
    sample = make_sample(picture, SIZE, 2.0, STILL, rng)
    expected = apply_affine(crop_matrix(person_box(picture), SIZE), centre(picture.image()))
    assert picture.image(scale).shape == (240, 200, 3)
    np.testing.assert_allclose(centre(sample.image), expected, atol=0.2)


def test_a_mirrored_sample_swaps_left_and_right(rng: np.random.Generator) -> None:
    plain = make_sample(dots(), SIZE, 2.0, STILL, rng)
    mirrored = make_sample(dots(), SIZE, 2.0, replace(STILL, flip=1), rng)
    flipped = plain.heatmaps[MPII16.flip]
    x, y = decode(mirrored.heatmaps)[0].T, decode(flipped)[0].T
    np.testing.assert_allclose(x[0], SIZE[1] - 1 - y[0], atol=2.1)  # quarter pixels of 4
    np.testing.assert_allclose(x[1], y[1], atol=1e-3)


def test_an_absent_joint_is_taught_an_empty_target_or_left_out(rng: np.random.Generator) -> None:
    labelled = np.ones(16, bool)
    labelled[3] = False
    taught = make_sample(dots(labelled=labelled), SIZE, 2.0, STILL, rng)
    masked = make_sample(dots(labelled=labelled), SIZE, 2.0, replace(STILL, mask_absent=True), rng)
    assert taught.heatmaps[3].max() == masked.heatmaps[3].max() == 0
    assert taught.weights[3] == 1
    assert masked.weights.tolist() == [float(k != 3) for k in range(16)]


def test_a_joint_outside_the_crop_is_masked_where_the_recipe_says_so(
    rng: np.random.Generator,
) -> None:
    head = replace(dots(), box=Box(80, 20, 120, 60))
    sample = make_sample(head, SIZE, 2.0, replace(STILL, mask_absent=True), rng)
    assert sample.weights[MPII16.index("head_top")] == 1
    assert sample.weights[MPII16.index("left_ankle")] == 0


def test_hard_joints_count_more() -> None:
    weights = dict(zip(COCO17.keypoints, joint_weights(COCO17), strict=True))
    assert {weights[name] for name in ("left_ankle", "right_wrist")} == {1.5}
    assert {weights[name] for name in ("nose", "left_hip", "right_shoulder")} == {1.0}
    assert weights["left_elbow"] == weights["right_knee"] == np.float32(1.2)


@pytest.mark.parametrize(("lower", "kept"), [(1.0, slice(0, 7)), (0.0, slice(7, 16))])
def test_half_a_body_is_cut_around_its_own_joints(
    lower: float, kept: slice, rng: np.random.Generator
) -> None:
    picture = dots()
    half = replace(STILL, half_body=1, lower_half=lower)
    matrix = random_crop(picture, SIZE, half, rng)
    box = box_around(picture.keypoints[kept])
    whole = random_crop(replace(picture, box=box), SIZE, STILL, rng)
    np.testing.assert_allclose(matrix, whole, atol=1e-4)


def test_few_joints_are_not_halved(rng: np.random.Generator) -> None:
    picture = dots(labelled=np.arange(16) < 8)
    half = random_crop(picture, SIZE, replace(STILL, half_body=1), rng)
    np.testing.assert_array_equal(half, random_crop(picture, SIZE, STILL, rng))


def test_close_up_the_head_is_in_the_crop_and_the_legs_are_not(rng: np.random.Generator) -> None:
    picture, close = dots(), replace(STILL, close=1)
    for _ in range(50):
        crop = random_crop(picture, (192, 192), close, rng)
        y = apply_affine(crop, picture.keypoints)[:, 1]
        assert 0 < y[MPII16.index("head_top")] < y[MPII16.index("left_shoulder")] < 192
        assert y[MPII16.index("left_knee")] > 192
        assert y[MPII16.index("left_hip")] > 0.85 * 192


@pytest.mark.parametrize("turn", [[[0, 1], [1, 0]], [[1, 0], [0, -1]]], ids=["lying", "upturned"])
def test_who_is_not_upright_is_not_seen_close_up(
    turn: list[list[int]], rng: np.random.Generator
) -> None:
    picture = replace(dots(), keypoints=(dots().keypoints @ turn).astype(np.float32))
    close = random_crop(picture, SIZE, replace(STILL, close=1), rng)
    np.testing.assert_array_equal(close, random_crop(picture, SIZE, STILL, rng))


def test_of_a_room_with_nobody_pieces_are_seen_and_the_whole(rng: np.random.Generator) -> None:
    room = dots(labelled=np.zeros(16, bool))
    drawn = [random_crop(room, (192, 192), STILL, rng) for _ in range(100)]
    whole = sum(
        np.array_equal(matrix, crop_matrix(person_box(room), (192, 192))) for matrix in drawn
    )
    assert 30 < whole < 70


def test_what_was_taken_for_a_person_is_seen_as_it_was_then(rng: np.random.Generator) -> None:
    mistake = replace(dots(labelled=np.zeros(16, bool)), box=Box(20, 30, 80, 120))
    drawn = [random_crop(mistake, (192, 192), STILL, rng) for _ in range(20)]
    for matrix in drawn:
        np.testing.assert_array_equal(matrix, crop_matrix(Box(20, 30, 80, 120), (192, 192)))


@pytest.mark.parametrize(
    ("augmentation", "degrees", "scales"),
    [
        (NEWELL, 30, (0.75, 1.25)),
        (HRNET_COCO, 90, (0.65, 1.35)),
        (HRNET_MPII, 60, (0.75, 1.25)),
        (SIMPLE_BASELINE, 80, (0.7, 1.3)),
    ],
    ids=["Newell", "HRNet on COCO", "HRNet on MPII", "SimpleBaseline"],
)
def test_crops_vary_as_far_as_the_papers_vary_theirs(
    augmentation: Augmentation,
    degrees: float,
    scales: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    picture = replace(dots(), box=Box(0, 0, 200, 200))
    whole = replace(augmentation, half_body=0)
    drawn = np.stack([random_crop(picture, (256, 256), whole, rng) for _ in range(3000)])
    factors = 256 / 250 / np.linalg.norm(drawn[:, :, 0], axis=1)
    angles = np.rad2deg(np.arctan2(drawn[:, 1, 0], drawn[:, 0, 0]))
    assert (factors.min(), factors.max()) == pytest.approx(scales, abs=0.01)
    assert np.abs(angles).max() == pytest.approx(degrees, rel=0.05)
    rotated = np.mean(np.abs(angles) > 1e-3)
    assert rotated == pytest.approx(augmentation.rotated, abs=0.04)


def test_the_papers_leave_black_where_the_picture_ends(rng: np.random.Generator) -> None:
    picture = replace(dots(), box=Box(-400, -400, -200, -200))
    assert make_sample(picture, SIZE, 2.0, HRNET_COCO, rng).image.max() == 0


def test_colours_are_multiplied_and_cut_off(rng: np.random.Generator) -> None:
    image = rng.integers(0, 256, (20, 30, 3), np.uint8)
    gains = np.array([0.6, 1.0, 1.4])
    expected = (image * gains).clip(0, 255)
    np.testing.assert_allclose(multiply_channels(image, gains), expected, atol=1)


def test_the_same_seed_gives_the_same_sample() -> None:
    strong = Augmentation(40, scale=0.35, shift=0.1, half_body=0.3, background=0.1, colour=0.4)
    first, second = (
        make_sample(dots(), SIZE, 2.0, strong, np.random.default_rng(7)) for _ in range(2)
    )
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.heatmaps, second.heatmaps)


def test_the_rate_of_a_core_can_be_measured() -> None:
    assert samples_per_second([dots()], (64, 64), 1.0, NEWELL, seconds=0.05) > 0
