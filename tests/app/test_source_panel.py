"""What can be seen with: cameras, files and addresses, the present one and those that failed."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.panels.source_panel import SourcePanel
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO, Camera, Mode

pytestmark = pytest.mark.gui

CAMERAS = (Camera(0, "Integrated Camera"), Camera(3, "USB Video"))


@pytest.fixture
def source(qtbot: QtBot) -> SourcePanel:
    panel = SourcePanel()
    panel.set_cameras(CAMERAS)
    qtbot.addWidget(panel)
    return panel


def titles(panel: SourcePanel) -> list[str]:
    return [panel.list.itemText(row) for row in range(panel.list.count())]


def test_cameras_are_listed_by_name_and_chosen_by_index(qtbot: QtBot, source: SourcePanel) -> None:
    assert titles(source) == ["Integrated Camera", "USB Video", "Demo clip"]
    with qtbot.waitSignal(source.source_chosen) as chosen:
        source.list.activated.emit(1)
    assert chosen.args == [3]


@pytest.mark.parametrize(
    ("given", "shown", "camera"),
    [
        (3, "USB Video", "USB Video"),
        ("USB Video", "USB Video", "USB Video"),
        ("3", "USB Video", "USB Video"),
        (DEMO, "Demo clip", ""),
        ("/videos/dance.mp4", "dance.mp4", ""),
        ("rtsp://host/stream", "rtsp://host/stream", ""),
        (7, "Camera 7", ""),
    ],
)
def test_the_present_source_is_shown_whatever_it_is(
    source: SourcePanel, given: str | int, shown: str, camera: str
) -> None:
    source.set_source(given)
    assert source.list.currentText() == shown
    assert source.camera == camera


def test_a_camera_that_comes_later_is_listed_without_being_chosen(
    qtbot: QtBot, source: SourcePanel
) -> None:
    source.set_source(DEMO)
    with qtbot.assertNotEmitted(source.source_chosen):
        source.set_cameras([*CAMERAS, Camera(5, "Late")])
    assert "Late" in titles(source)
    assert source.list.currentText() == "Demo clip"


def test_a_file_dialog_that_is_cancelled_changes_nothing(
    qtbot: QtBot, source: SourcePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    with qtbot.assertNotEmitted(source.source_chosen):
        source.ask_file()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("/a.mp4", ""))
    with qtbot.waitSignal(source.source_chosen) as chosen:
        source.ask_file()
    assert chosen.args == ["/a.mp4"]


def test_what_did_not_open_is_marked_and_kept_and_never_the_current_one(
    source: SourcePanel,
) -> None:
    address = "rtsp://studio/7"
    source.set_source(address)
    source.show_status(PipelineStatus(given=DEMO, opening=address))
    assert source.list.currentText() == address
    source.show_status(PipelineStatus(given=DEMO, failed=address))
    assert source.list.currentText() == "Demo clip"
    assert f"✕ {address}" in titles(source)
    source.set_source(address)  # tried again, and now it is there
    source.show_status(PipelineStatus(given=address))
    assert source.list.currentText() == address


def test_what_a_camera_offers_is_asked_for_and_chosen(qtbot: QtBot, source: SourcePanel) -> None:
    source.set_source(DEMO)
    assert source.modes.isHidden()
    source.set_source(3)
    assert not source.modes.isHidden()
    with qtbot.waitSignal(source.modes_wanted):
        source.modes.about_to_open.emit()
    modes = (Mode((640, 480), 30.0, "MJPG"), Mode((1280, 720), 60.0, "MJPG"))
    source.set_modes(modes)
    assert source.modes.itemText(2) == "1280x720 MJPG at 60 fps"
    with qtbot.assertNotEmitted(source.modes_wanted):
        source.modes.about_to_open.emit()
    with qtbot.waitSignal(source.mode_chosen) as chosen:
        source.modes.activated.emit(2)
    assert chosen.args == [modes[1]]
    source.set_source(0)
    assert source.modes.count() == 1  # another camera, that was not asked yet


def test_an_address_is_typed_once(
    qtbot: QtBot, source: SourcePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def get_text(*_: object, text: str) -> tuple[str, bool]:
        asked.append(text)
        return "rtsp://studio/7", True

    monkeypatch.setattr(QInputDialog, "getText", get_text)
    address = next(b for b in source.findChildren(QPushButton) if b.text() == "Address…")
    address.click()
    address.click()
    assert asked == ["", "rtsp://studio/7"]
