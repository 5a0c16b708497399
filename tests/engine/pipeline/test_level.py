"""The camera is levelled by who stands straight before it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.pipeline.pipeline import NOBODY_STRAIGHT, Pipeline
from engine.space.room import Room, RoomSettings
from tests.conftest import dot_estimator


def test_what_a_straight_body_says_becomes_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = dot_estimator()
    with Pipeline() as pipeline:
        pipeline.settings = replace(pipeline.settings, room=RoomSettings(body_height=1.8))
        pipeline._level(estimator, 0.0)
        assert pipeline.status.message == NOBODY_STRAIGHT
        assert pipeline.settings.room.tilt is None
        monkeypatch.setattr(Room, "level", lambda self, now: (12.34, -1.0))
        pipeline._level(estimator, 0.0)
        assert pipeline.status.message == ""
        assert pipeline.settings.room == RoomSettings(
            pitch=12.3, roll=-1.0, tilt_by="level", body_height=1.8
        )
        assert estimator.settings == pipeline.settings
