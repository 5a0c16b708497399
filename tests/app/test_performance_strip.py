"""Rates, the age of painted frames, what was dropped and put right."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from app.panels.performance_strip import PerformanceStrip
from engine.pipeline.status import PipelineStatus
from tests.app.conftest import make_result

pytestmark = pytest.mark.gui


def test_the_strip_shows_rates_and_the_age_of_painted_frames(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_status(PipelineStatus())
    assert strip.age.text() == "   – /   – ms"
    strip.show()
    for age in (0.02, 0.02, 0.02, 0.2):
        strip.frame_painted(time.monotonic() - age)
    strip.show_status(PipelineStatus(capture_fps=30, inference_fps=28.5, dropped=7))
    assert strip.capture.text().split() == ["30.0", "fps"]
    assert strip.inference.text().split() == ["28.5", "fps"]
    assert strip.dropped.text().strip() == "7"
    median, _, high, _ = strip.age.text().replace("/", " / ").split()
    assert 20 <= int(median) < 60
    assert int(high) > 100


def test_the_strip_counts_how_often_the_sides_were_put_right(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_result(make_result(swaps=3))
    assert strip.swaps.text().strip() == "3"


def test_figures_without_room_are_left_out(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.setMinimumWidth(1)
    strip.show()
    strip.resize(1200, 40)
    qtbot.waitUntil(strip.swaps.isVisible)
    strip.resize(400, 40)
    qtbot.waitUntil(lambda: not strip.swaps.isVisible())
    assert strip.capture.isVisible()


def test_figures_keep_their_width(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_status(PipelineStatus())
    before = strip.sizeHint()
    strip.show_status(PipelineStatus(capture_fps=119.9, inference_ms=999.9, dropped=99_999))
    assert strip.sizeHint() == before
    for figure in (strip.capture, strip.backbone, strip.dropped):
        assert figure.fontMetrics().horizontalAdvance(figure.text()) <= figure.width()
