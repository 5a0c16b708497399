"""How long errors last: what is measured on frames is what spoils stretches."""

from __future__ import annotations

import numpy as np
import pytest

from training.datasets.motion.detections import DetectorErrors, detect_stretches, torso_size
from training.evaluation.error_runs import RATE, Runs, fit, join, lasting, told

STANDING = np.random.default_rng(0).uniform(0, 100, (16, 2))


def spoilt(held: float, fresh: float) -> Runs:
    """Forty stretches of five seconds with the errors of pictures that differ much."""
    rng = np.random.default_rng(1)
    swapped, names = np.zeros((50, 2), bool), np.full(50, "some backbone")
    errors = DetectorErrors(
        rng.uniform(0, 0.4, (50, 16)), np.ones((50, 16)), swapped, names, held, fresh
    )
    stretches = np.tile(STANDING, (40, 5 * RATE, 1, 1))
    found, visible = detect_stretches(stretches, errors, rng, 0.3, RATE)
    moved = (found - stretches) / torso_size(stretches)[..., None, None]
    parts = [
        Runs(m, v == 0, np.zeros((len(m), 2), bool), np.full(len(m), i))
        for i, (m, v) in enumerate(zip(moved, visible, strict=True))
    ]
    return join(parts)


@pytest.mark.parametrize(("held", "fresh"), [(0.5, 0.0), (1.5, 0.2)])
def test_stretches_are_spoilt_for_as_long_as_was_measured(held: float, fresh: float) -> None:
    found_held, found_fresh = fit(spoilt(held, fresh))
    assert found_held == pytest.approx(held, rel=0.25)
    assert found_fresh == pytest.approx(fresh, abs=0.06)


def test_a_flag_lasts_as_long_as_its_runs() -> None:
    flags = np.array([[1], [1], [0], [1], [1], [1]], bool)
    assert lasting(flags, np.array([0, 0, 0, 0, 1, 1])) == pytest.approx(5 / 3 / RATE)
    assert lasting(~flags, np.zeros(6)) == pytest.approx(1 / RATE)
    assert lasting(np.zeros((6, 2), bool), np.zeros(6)) == 0


def test_what_is_told_names_limbs_and_seconds() -> None:
    lines = told(spoilt(0.5, 0.0))
    assert lines[0].startswith("errors stay 0.")
    assert lines[-1] == "legs are swapped for 0.00 s, in 0% of frames"
