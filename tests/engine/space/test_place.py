"""A body is put where its joints fit their keypoints."""

from __future__ import annotations

import numpy as np
import pytest

from engine.space.place import fit_place
from tests.engine.bodies import STANDING

PLACE = np.array([0.4, 0.1, 3.0])
EVERY = np.ones(len(STANDING))


def rays() -> np.ndarray:
    points = STANDING / 1000 + PLACE
    return np.asarray(points[:, :2] / points[:, 2:])


def test_exact_keypoints_give_the_exact_place() -> None:
    assert fit_place(STANDING / 1000, rays(), EVERY) == pytest.approx(PLACE, abs=1e-6)


def test_one_keypoint_far_off_moves_the_place_little() -> None:
    wrong = rays()
    wrong[3] += 0.2
    assert fit_place(STANDING / 1000, wrong, EVERY) == pytest.approx(PLACE, rel=0.01)


def test_unseen_keypoints_do_not_count() -> None:
    wrong, weights = rays(), EVERY.copy()
    wrong[:8], weights[:8] = 5.0, 0.0
    assert fit_place(STANDING / 1000, wrong, weights) == pytest.approx(PLACE, abs=1e-6)


@pytest.mark.parametrize("kind", ["few", "a point", "behind"])
def test_what_fits_nowhere_has_no_place(kind: str) -> None:
    points, weights = rays(), EVERY.copy()
    if kind == "few":
        weights[3:] = 0
    points = {"few": points, "a point": np.zeros_like(points), "behind": -points}[kind]
    assert fit_place(STANDING / 1000, points, weights) is None
