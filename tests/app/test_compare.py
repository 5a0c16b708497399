"""``compare`` measures the subject, whoever else is in view."""

from __future__ import annotations

import numpy as np
import pytest

from app import compare
from engine.types import Frame, PoseResult
from tests.conftest import DotSource, dot_estimator
from tests.engine.session.takes import make_scene, person_of


def test_only_the_subject_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def see(frame: Frame) -> PoseResult:
        ids = [(1, 2), (2, 1), (2,)][frame.index]
        return make_scene(frame.index, *ids, subject=1)

    estimator, source = dot_estimator(), DotSource(frames=3)
    monkeypatch.setattr(estimator, "estimate", see)
    monkeypatch.setattr(source, "live", False)
    monkeypatch.setattr(compare, "open_estimator", lambda *_, **__: estimator)
    monkeypatch.setattr(compare, "open_source", lambda *_, **__: source)
    keypoints = compare._run("clip", "dots", "auto", "auto", lambda done: None).keypoints
    for t, points in enumerate(keypoints):
        pose = person_of(1, t).pose2d
        seen = (pose.scores >= compare.SETTINGS.threshold) & (t < 2)
        assert (points[seen] == pose.keypoints[seen]).all()
        assert np.isnan(points[~seen]).all()
