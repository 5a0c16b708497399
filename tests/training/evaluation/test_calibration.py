"""Heatmap peaks and how often they are right: the table that makes scores of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.keypoints.backbone import calibrated
from engine.skeleton import MPII16
from tests.training.dots import dot_picture
from training.evaluation.calibration import FITTED, REPORTED, fit_calibration, score_figures
from training.evaluation.figures import right
from training.evaluation.metrics import calibration_error


def shy(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Peaks that say too little: one of 0.5 is right three times out of four. (count, 16) each."""
    rng = np.random.default_rng(seed)
    peaks = rng.uniform(0, 1, (count, 16))
    return peaks, (rng.random(peaks.shape) < 1 - (1 - peaks) ** 2).astype(float)


class TestError:
    def test_a_score_that_says_how_often_it_is_right_has_none(self) -> None:
        outcomes = np.arange(100) < 80
        assert calibration_error(np.full(100, 0.8), outcomes) == pytest.approx(0)

    def test_too_sure_and_too_shy_do_not_cancel_out(self) -> None:
        scores = np.repeat([0.95, 0.05], 50)
        assert calibration_error(scores, np.full(100, 0.5)) == pytest.approx(45)

    def test_a_peak_above_one_counts_as_one(self) -> None:
        assert calibration_error(np.array([1.3]), np.array([1.0])) == 0


class TestTable:
    def test_what_is_fitted_on_one_half_holds_on_the_other(self) -> None:
        peaks, outcomes = shy(1000)
        table = [tuple(point) for point in fit_calibration(peaks[FITTED], outcomes[FITTED])]
        scores = calibrated(peaks, table)  # type: ignore[arg-type]
        row = score_figures(scores, outcomes, peaks)
        assert row["n"] == 500 * 16
        assert row["ece_of_peaks"] > 14
        assert row["ece"] < 2
        assert row["score"] == pytest.approx(row["right"], abs=2)

    def test_the_halves_have_no_picture_in_common(self) -> None:
        pictures = list(range(101))
        assert sorted(pictures[FITTED] + pictures[REPORTED]) == pictures

    def test_it_rises_from_nothing_even_where_the_share_does_not(self) -> None:
        peaks = np.linspace(0.1, 0.9, 480)
        outcomes = ((np.arange(480) // 40) % 2).astype(float)  # up and down, group by group
        table = fit_calibration(peaks, outcomes)
        assert table[0] == [0, 0]
        assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(table))

    def test_equal_peaks_are_one_point(self) -> None:
        assert fit_calibration(np.full(50, 0.5), np.arange(50) < 30) == [[0, 0], [0.5, 0.6]]

    def test_what_is_unknown_does_not_count(self) -> None:
        peaks, outcomes = shy(100)
        outcomes[:, 3] = np.nan
        assert score_figures(peaks, outcomes)["n"] == 50 * 15


class TestRight:
    def test_near_the_joint_is_right_far_from_it_is_wrong(self) -> None:
        picture = dot_picture(size=200)
        found = picture.keypoints[None].copy()
        found[0, 0] += 100
        assert right([picture], found)[0].tolist() == [0.0] + [1.0] * 15

    def test_what_a_render_knows_to_be_out_of_the_picture_cannot_be_right(self) -> None:
        picture = dot_picture()
        labelled = picture.labelled & [name != "left_ankle" for name in MPII16.keypoints]
        known = replace(picture, labelled=labelled)
        unlabelled = replace(known, weights=labelled.astype(np.float32))
        ankle, found = MPII16.index("left_ankle"), picture.keypoints[None]
        assert right([known], found)[0, ankle] == 0
        assert np.isnan(right([unlabelled], found)[0, ankle])

    def test_without_a_torso_the_head_measures(self) -> None:
        picture = dot_picture(size=200)
        hips = [MPII16.index(name) for name in ("left_hip", "right_hip")]
        labelled = picture.labelled.copy()
        labelled[hips] = False
        cut = replace(picture, labelled=labelled, weights=labelled.astype(np.float32))
        head = 0.14 * 200  # from neck to head top, as the dots are drawn
        wrist = MPII16.index("left_wrist")
        for distance, expected in ((0.49, 1.0), (0.51, 0.0)):
            found = picture.keypoints[None].copy()
            found[0, wrist, 0] += distance * head
            assert right([cut], found)[0, wrist] == expected
