"""The field's metrics, each on a case whose figure can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.skeleton import COCO17, MPII16
from engine.types import Box
from tests.conftest import draw_dots
from tests.training.dots import dot_picture
from training.datasets.pictures.labels import Picture
from training.evaluation.figures import errors, figures, measured_by
from training.evaluation.metrics import (
    figures_3d,
    figures_by_action,
    mpjpe,
    pck_hits,
    pckh_hits,
    percent,
    percent_by_joint,
    procrustes_mpjpe,
)
from training.evaluation.oks import SIGMAS, average_precision, oks, person_scores


@pytest.fixture
def truth() -> np.ndarray:
    return draw_dots()[1][None]


EVERY = np.ones((1, 16), bool)


class TestPCK:
    def test_counts_labelled_joints_within_a_fifth_of_the_torso(self, truth: np.ndarray) -> None:
        torso = np.linalg.norm(truth[0, 13] - truth[0, 2])
        found, labelled = truth.copy(), EVERY.copy()
        found[0, 0, 0] += 0.19 * torso
        found[0, 1, 0] += 0.21 * torso
        labelled[0, 5] = False
        assert percent(pck_hits(found, truth, labelled)) == pytest.approx(100 * 14 / 15)

    def test_without_a_torso_a_picture_does_not_count(self, truth: np.ndarray) -> None:
        labelled = EVERY.copy()
        labelled[0, MPII16.index("left_shoulder")] = False
        assert np.isnan(pck_hits(truth, truth, labelled)).all()


class TestPCKh:
    def test_the_bound_itself_counts(self, truth: np.ndarray) -> None:
        found = truth.copy()
        found[0, 0, 0] += 20
        found[0, 1, 0] += 20.1
        hits = pckh_hits(found, truth, EVERY, np.array([40.0]))
        assert hits[0, 0] == 1
        assert hits[0, 1] == 0

    def test_pelvis_and_thorax_are_left_out(self, truth: np.ndarray) -> None:
        hits = pckh_hits(truth, truth, EVERY, np.array([40.0]))
        assert [MPII16.keypoints[k] for k in np.flatnonzero(np.isnan(hits[0]))] == [
            "pelvis",
            "thorax",
        ]

    def test_the_mean_weighs_joints_by_how_often_they_are_labelled(self) -> None:
        truth = np.repeat(draw_dots()[1][None], 3, axis=0)
        labelled = np.zeros((3, 16), bool)
        labelled[:, 0], labelled[0, 9] = True, True  # three ankles, one head top
        found = truth.copy()
        found[0, 9] += 100
        hits = pckh_hits(found, truth, labelled, np.full(3, 40.0))
        assert percent(hits) == pytest.approx(75)
        assert percent_by_joint(hits, MPII16) == {"ankle": 100, "head_top": 0}


class TestIn3D:
    def test_protocol_1_ignores_where_the_root_is(self) -> None:
        truth = np.random.default_rng(0).normal(0, 300, (2, 17, 3))
        assert mpjpe(truth + 50, truth) == pytest.approx(0)

    def test_protocol_2_ignores_turn_scale_and_place_but_no_mirror(self) -> None:
        truth = np.random.default_rng(0).normal(0, 300, (2, 17, 3))
        turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
        assert procrustes_mpjpe(1.3 * truth @ turn.T + 7, truth) == pytest.approx(0, abs=1e-6)
        assert procrustes_mpjpe(truth * [-1, 1, 1], truth).mean() > 50

    def test_pck_and_auc_are_shares_of_joints(self) -> None:
        truth = np.zeros((1, 17, 3))
        found = truth.copy()
        found[0, 1:9, 0] = 72  # 8 of 17 joints are off by 72 mm: right from 75 mm on
        found[0, 9:, 0] = 400
        figures = figures_3d(found, truth)
        assert figures["p1"] == pytest.approx((8 * 72 + 8 * 400) / 17)
        assert figures["pck3d"] == pytest.approx(100 * 9 / 17)
        assert figures["auc"] == pytest.approx(100 * (30 / 31 + 8 * 16 / 31) / 17)

    def test_every_action_counts_the_same_in_the_mean(self) -> None:
        truth = np.zeros((4, 17, 3))
        found = truth.copy()
        found[0, 1:, 0] = 17
        actions = np.array(["walk", "sit", "sit", "sit"])
        rows = figures_by_action(found, truth, actions)
        assert rows["walk"]["p1"] == pytest.approx(16)
        assert rows["mean"]["p1"] == pytest.approx(8)


def person(image_id: int = 1, x: float = 0.0) -> Picture:
    """Someone in COCO's keypoints, 200 pixels tall."""
    places = np.random.default_rng(0).uniform(0, 200, (17, 2)) + np.array([x, 0])
    everything = np.ones(17, bool)
    return Picture(
        "coco_keypoints",
        b"",
        places.astype(np.float32),
        everything,
        everything.astype(np.float32),
        COCO17,
        Box(x, 0, x + 200, 200, 0.9),
        area=20_000.0,
        image_id=image_id,
    )


class TestAveragePrecision:
    def test_similarity_falls_with_distance_by_each_joints_own_scale(self) -> None:
        truth, labelled = person().keypoints, np.zeros(17, bool)
        labelled[[0, 16]] = True
        found = truth[None] + [10, 0]
        expected = np.exp(-100 / (2 * SIGMAS[[0, 16]]) ** 2 / 20_000 / 2).mean()
        assert oks(found, truth, labelled, 20_000.0)[0] == pytest.approx(expected)

    def test_all_right_is_100_and_one_of_two_lost_is_half(self) -> None:
        people = [person(1), person(2)]
        found = np.stack([p.keypoints for p in people])
        scores = np.ones((2, 17))
        assert average_precision(people, found, scores)["AP"] == pytest.approx(100)
        found[1] += 500
        figures = average_precision(people, found, scores)
        assert figures["AR"] == pytest.approx(50)
        assert 49 < figures["AP"] < 51

    def test_a_person_scores_by_box_and_sure_keypoints(self) -> None:
        scores = np.full((1, 17), 0.1)
        scores[0, :2] = 0.8
        assert person_scores([person()], scores) == pytest.approx(0.9 * 0.8)

    def test_of_two_detections_of_one_person_one_stays(self) -> None:
        twice = [person(), person()]
        found = np.stack([p.keypoints for p in twice])
        official = {
            "images": [{"id": 1}],
            "categories": [{"id": 1, "name": "person", "keypoints": list(COCO17.keypoints)}],
            "annotations": [
                {
                    "id": 1,
                    "image_id": 1,
                    "category_id": 1,
                    "iscrowd": 0,
                    "area": 20_000.0,
                    "bbox": [0, 0, 200, 200],
                    "num_keypoints": 17,
                    "keypoints": np.column_stack([found[0], np.full(17, 2)]).ravel().tolist(),
                }
            ],
        }
        scores = np.ones((2, 17))
        scores[0] = 0.5  # the surer double is the one that stays
        assert average_precision(twice, found, scores, official)["AP"] == pytest.approx(100)


class TestFigures:
    def test_a_set_is_measured_as_its_field_does(self) -> None:
        assert measured_by([dot_picture()]) == "PCK@0.2"
        assert measured_by([replace(dot_picture(), head_size=30.0)]) == "PCKh@0.5"
        assert measured_by([person()]) == "AP"

    def test_mpii_has_both_bounds(self) -> None:
        pictures = [replace(dot_picture(), head_size=30.0)]
        found = pictures[0].keypoints[None] + [4, 0]
        row = figures(pictures, found, np.ones((1, 16)))
        assert row["n"] == 1
        assert row["all"] == 100
        assert row["all@0.1"] == 0

    def test_the_worst_picture_has_the_largest_error(self) -> None:
        pictures = [dot_picture(), dot_picture()]
        found = np.stack([p.keypoints for p in pictures])
        found[1] += 30
        assert errors(pictures, found).argmax() == 1
