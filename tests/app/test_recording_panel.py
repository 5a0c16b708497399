"""The record button, the take that runs and the room left on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QLabel,
)
from pytestqt.qtbot import QtBot

from app.panels.recording_panel import RecordingPanel
from engine.pipeline.status import PipelineStatus
from engine.session.disk import DiskSpace

pytestmark = pytest.mark.gui


def test_the_record_button_turns_red_and_counts(qtbot: QtBot) -> None:
    panel = RecordingPanel(Path("takes"), False, 0, QAction())
    qtbot.addWidget(panel)
    assert panel.button.text() == "●  Record"
    panel.show_status(PipelineStatus(recording=Path("takes/1"), recorded_frames=42))
    assert panel.button.property("running")
    assert panel.button.text() == "■  Stop   00:00   42 frames"
    panel.show_status(PipelineStatus())
    assert not panel.button.property("running")
    assert panel.button.text() == "●  Record"


def test_while_recording_the_take_is_numbered_and_a_full_disk_is_seen_coming(qtbot: QtBot) -> None:
    panel = RecordingPanel(Path("takes"), True, 5, QAction())
    qtbot.addWidget(panel)
    panel.resize(500, 300)
    panel.show()
    assert (panel.video, panel.countdown) == (True, 5)
    take = PipelineStatus(recording=Path("2026-01-31_09-05-00_take-07"))
    for free, warning in ((9_000_000_000, False), (1_500_000_000, True)):
        panel.show_status(replace(take, disk=DiskSpace(free, seconds_left=750.0)))
        shown = [label for label in panel.findChildren(QLabel) if "Take 7" in label.text()]
        assert [label.property("warning") for label in shown] == [warning]
        assert "room for 12 min" in shown[0].text()
    panel.show_status(PipelineStatus())
    panel.show_free(9_000_000_000)
    assert shown[0].text() == "9 GB free"
    assert not shown[0].property("warning")
