"""Feet that stand stay where they are, in the clean result of somebody who walks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.clean.feet import with_feet_locked
from engine.session.clean.take import clean_take
from engine.session.in_room import in_room
from engine.session.recording import load_recording
from engine.skeleton import H36M17
from tests.engine.session.walks import HEIGHT, make_walk
from tests.engine.walker import ANKLE, RATE, walking

ANKLES = [H36M17.index("left_ankle"), H36M17.index("right_ankle")]


def slides(points: np.ndarray, truth: np.ndarray) -> float:
    """m, along the walk: the mean distance of an ankle that stands from the middle of where it was
    in that step."""
    far = []
    for ankle in ANKLES:
        still = np.abs(np.diff(truth[:, ankle, 2])) < 1e-3
        at = np.flatnonzero(still)
        for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1):
            if len(run) > 1:
                along = points[run, ankle, 2]
                far.append(np.abs(along - np.median(along)).mean())
    return float(np.mean(far))


def test_standing_feet_slide_no_more_and_nothing_is_torn(tmp_path: Path) -> None:
    session, truth = make_walk(tmp_path / "take", scale=1.1, noise=8, waver=60)
    done = clean_take(session)
    raw, clean = load_recording(session), load_recording(session, clean=True)
    assert slides(in_room(clean), truth) < 0.6 * slides(in_room(raw), truth)
    assert done.locked > 0.5 * len(truth)
    ends = clean.joints3d[:, H36M17.bone_indices]
    lengths = np.linalg.norm(ends[:, :, 1] - ends[:, :, 0], axis=-1)
    np.testing.assert_allclose(lengths, lengths[:1].repeat(len(lengths), axis=0), rtol=1e-3)
    off, raw_off = (np.linalg.norm(in_room(take) - truth, axis=-1).mean() for take in (clean, raw))
    assert off < raw_off


def test_who_does_not_stand_is_left_alone() -> None:
    points = walking(2.0) + np.linspace(0, 4, round(2 * RATE))[:, None, None]  # flies away
    times = np.arange(len(points)) / RATE
    moved, stands = with_feet_locked(points, times, HEIGHT, ANKLE)
    assert not stands.any()
    np.testing.assert_array_equal(moved, points)
