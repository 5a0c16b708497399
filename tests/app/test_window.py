"""The window on the real pipeline: switching, losing the camera, recording, closing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PyQt6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PyQt6.QtGui import QAction, QDesktopServices, QDropEvent, QMouseEvent
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.choice import Choice
from app.commands import COMMANDS, GESTURES, CheatSheet
from app.controller import Controller
from app.main_window import COLUMN_WIDTH, MainWindow
from app.settings import Settings
from app.theme import DARK, LIGHT
from engine.estimator import DEFAULT_BACKBONE
from engine.models.model_spec import find_models
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.runtimes import available_runtimes
from engine.sources.capture import DEMO, DEMO_CLIP, SourceError
from tests.app.conftest import LIMIT, make_person, make_result, pixels, send_mouse
from tests.conftest import DotSource

pytestmark = pytest.mark.gui

Running = tuple[Controller, DotSource]


def action(controller: Controller, name: str) -> QAction:
    return controller.window.actions_by_name[name]


def test_the_dropdown_switches_the_backbone_while_running(qtbot: QtBot, running: Running) -> None:
    controller, camera = running
    panel, seen = controller.window.backbone, set()
    controller.bridge.result_ready.connect(lambda result: seen.add(result.backbone))
    qtbot.waitUntil(lambda: "first" in seen, timeout=LIMIT)
    panel.choose_row(panel.backbones.findData("second"))
    qtbot.waitUntil(lambda: "second" in seen, timeout=LIMIT)
    assert panel.backbone == controller.pipeline.status.backbone == "second"
    assert not camera.closed  # the same camera goes on


@pytest.mark.skipif(
    not (DEMO_CLIP.is_file() and find_models("pose2d") and find_models("lift3d")),
    reason="needs the demo clip and the shipped models in assets/",
)
def test_a_shipped_backbone_switches_between_runtimes_on_the_demo_clip(qtbot: QtBot) -> None:
    controller = Controller(Settings())
    controller.window.show()
    controller.start(DEMO, DEFAULT_BACKBONE, "auto")
    panel, pipeline = controller.window.backbone, controller.pipeline
    for runtime in set(available_runtimes()) - {"tensorrt"}:  # that one needs a GPU
        panel.select(DEFAULT_BACKBONE, runtime)
        panel.backbones.activated.emit(0)
        qtbot.waitUntil(lambda: not pipeline.status.loading, timeout=LIMIT)
        with qtbot.waitSignal(controller.bridge.result_ready, timeout=LIMIT) as shown:
            pass
        status = pipeline.status
        assert (status.backbone, status.runtime, status.message) == (DEFAULT_BACKBONE, runtime, "")
        assert shown.args is not None
        assert len(shown.args[0].people) <= 1
    controller.window.close()


def test_a_lost_camera_is_told_and_comes_back(qtbot: QtBot, running: Running) -> None:
    controller, camera = running
    camera.error = SourceError("The dot camera was unplugged.")
    banner = controller.window.banner
    qtbot.waitUntil(lambda: "The dot camera was unplugged." in banner.text, timeout=LIMIT)
    camera.error = None
    qtbot.waitUntil(lambda: banner.text == "", timeout=LIMIT)
    with qtbot.waitSignal(controller.window.video.frame_painted, timeout=LIMIT):
        pass


def test_record_and_stop_leave_a_session(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    button = controller.window.recording.button
    button.click()
    qtbot.waitUntil(lambda: controller.pipeline.status.recorded_frames >= 5, timeout=LIMIT)
    folder = controller.pipeline.status.recording
    assert folder is not None
    assert folder.parent == controller.window.recording.folder
    assert "Stop" in button.text()
    button.click()
    assert button.text() == "●  Record"
    assert str(folder) in controller.window.banner.text
    qtbot.waitUntil((folder / "poses.npz").is_file, timeout=LIMIT)
    assert len(np.load(folder / "poses.npz")["timestamps"]) >= 5


def test_a_folder_that_cannot_be_written_is_told(
    qtbot: QtBot, running: Running, tmp_path: Path
) -> None:
    controller, _ = running
    (tmp_path / "file").touch()
    controller.window.recording.folder = tmp_path / "file"
    action(controller, "record").trigger()
    assert "Cannot record into" in controller.window.banner.text
    action(controller, "screenshot").trigger()
    assert "could not be written" in controller.window.banner.text
    with qtbot.waitSignal(controller.window.video.frame_painted, timeout=LIMIT):
        pass


def test_the_log_is_shown_by_the_desktop_in_its_folder_where_no_program_reads_it(
    open_window: Callable[..., Controller], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, asked = open_window(), list[str]()
    file = tmp_path / "sandglass.log"

    def open_url(url: QUrl) -> bool:
        asked.append(url.toLocalFile())
        return asked[-1] == str(tmp_path)

    monkeypatch.setattr("app.output_controller.log_file", lambda: file)
    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    controller.window.banner.log_wanted.emit()
    assert controller.window.banner.text == f"{file} cannot be shown."
    file.touch()
    controller.window.banner.log_wanted.emit()
    assert asked == [str(file), str(tmp_path)]


def test_sliders_reach_the_estimator_and_the_views(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    controller.window.picture.smoothing.set_value(0.9)
    controller.window.picture.threshold.set_value(0.2)
    assert controller.pipeline.settings.smoothing == 0.9
    assert controller.pipeline.settings.threshold == 0.2


def test_how_many_are_followed_reaches_the_estimator_and_is_remembered(
    qtbot: QtBot, open_window: Callable[..., Controller]
) -> None:
    controller = open_window(people=2)
    assert controller.pipeline.settings.people == 2
    controller.window.picture.people.setCurrentIndex(4)
    assert controller.pipeline.settings.people == controller.settings().people == 5


def test_a_click_a_key_and_escape_choose_whom_the_take_is_about(
    open_window: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[tuple[float, float] | None] = []
    monkeypatch.setattr(Pipeline, "choose_subject", lambda _, point: chosen.append(point))
    controller = open_window()
    left, right = make_person(number=1, aside=-70), make_person(number=2, aside=70)
    video = controller.window.video
    video.show_result(make_result(left, right, subject_id=1))
    place = QPointF(*video.to_view().map(230.0, 120.0))
    send_mouse(video, QMouseEvent.Type.MouseButtonPress, place)
    action(controller, "next_person").trigger()
    action(controller, "dismiss").trigger()
    clicked, following, given_back = chosen
    assert clicked == pytest.approx((230, 120))
    assert following == pytest.approx((230, (right.box.y1 + right.box.y2) / 2))
    assert given_back is None


def test_where_no_backbone_is_named_the_program_chooses(
    qtbot: QtBot, open_window: Callable[..., Controller]
) -> None:
    controller = open_window(choice=Choice("second", "Second", {}))
    controller.start(None, None, "auto")
    controller.pipeline.set_source(DotSource)
    assert controller.window.backbone.choice.text() == "Measuring how fast this machine is…"
    qtbot.waitUntil(lambda: controller.pipeline.status.backbone == "second", timeout=LIMIT)
    with qtbot.waitSignal(controller.bridge.status_changed, timeout=LIMIT):
        pass
    assert controller.window.backbone.choice.text().startswith("Second: ")
    assert controller.settings().backbone == ""  # so it is the next time
    controller.window.backbone.choose_row(1)
    qtbot.waitUntil(lambda: controller.pipeline.status.backbone == "first", timeout=LIMIT)
    assert controller.settings().backbone == "first"
    controller.window.backbone.choose_row(0)
    qtbot.waitUntil(lambda: controller.pipeline.status.backbone == "second", timeout=LIMIT)
    assert controller.settings().backbone == ""


@pytest.mark.skipif(len(find_models("lift3d")) < 2, reason="needs two lifters in assets/")
def test_the_lifter_is_remembered_and_may_be_named(open_window: Callable[..., Controller]) -> None:
    first, second = list(find_models("lift3d"))[:2]
    for lifter in (first, second):
        controller = open_window(lifter=lifter)
        controller.start(DEMO, None, "auto")
        assert controller.settings().lifter == lifter
    controller = open_window(lifter=first)
    controller.start(DEMO, None, "auto", lifter=second)
    assert controller.settings().lifter == second


def test_what_was_set_is_what_is_remembered(open_window: Callable[..., Controller]) -> None:
    controller = open_window(theme="light", mirror=True)
    controller.start(DEMO, None, "auto")
    action(controller, "theme").trigger()
    action(controller, "mirror").trigger()
    action(controller, "panels").trigger()
    controller.window.picture.smoothing.set_value(0.75)
    settings = controller.settings()
    assert settings.theme == "dark"
    assert not settings.mirror
    assert not settings.panels
    assert settings.smoothing == 0.75


def test_the_theme_changes_every_widget(open_window: Callable[..., Controller]) -> None:
    window: MainWindow = open_window().window
    for theme in (DARK, LIGHT):
        assert window.theme is theme
        shown = pixels(window.grab(QRect(400, 8, 1, 1)).toImage())[0, 0]  # the toolbar
        wanted = [int(theme.window[i : i + 2], 16) for i in (1, 3, 5)]
        assert np.abs(shown - wanted).max() <= 8  # displays with 16 bits a pixel round
        window.actions_by_name["theme"].trigger()


def test_full_screen_shows_the_video_alone_until_escape(
    qtbot: QtBot, open_window: Callable[..., Controller]
) -> None:
    controller = open_window()
    window = controller.window
    window.showFullScreen()  # as a system may do it itself
    action(controller, "fullscreen").trigger()
    assert window.isFullScreen()
    assert window.video.isVisible()
    assert not window.skeleton.isVisible()
    assert not window.recording.isVisible()
    window.banner.tell("Saved.")
    action(controller, "dismiss").trigger()
    assert not window.isFullScreen()
    assert window.banner.text == "Saved."  # one thing a press
    action(controller, "dismiss").trigger()
    assert not window.banner.text
    assert window.skeleton.isVisible()
    assert window.recording.isVisible()


def test_of_what_is_dropped_the_first_file_is_opened(
    open_window: Callable[..., Controller],
) -> None:
    window, dropped = open_window().window, list[Path]()
    window.dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/clip.mp4"), QUrl.fromLocalFile("/clips/clip.mp4")])
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(), Qt.DropAction.CopyAction, data, *none))
    assert dropped == [Path("/clips/clip.mp4")]


def test_while_paused_the_picture_stands_still(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    action(controller, "pause").trigger()
    with qtbot.assertNotEmitted(controller.bridge.result_ready, wait=200):
        pass
    action(controller, "pause").trigger()
    with qtbot.waitSignal(controller.bridge.result_ready, timeout=LIMIT):
        pass


@pytest.mark.parametrize("mode", ["live", "replay"])
def test_no_key_does_two_things(mode: str) -> None:
    at_home = [command for command in COMMANDS if command.mode in (mode, None)]
    keys = [key for command in at_home for key in command.keys]
    assert len(keys) == len(set(keys))


def test_the_cheat_sheet_names_every_command(
    qtbot: QtBot, open_window: Callable[..., Controller]
) -> None:
    window = open_window().window
    sheet = window.findChild(CheatSheet)
    assert sheet is not None
    window.actions_by_name["help"].trigger()
    assert sheet.isVisible()
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert shown >= {command.title for command in COMMANDS} | {"R", "F1", "1", "9"}
    assert shown >= {gesture for gesture, _ in GESTURES}


def test_closing_never_hangs_even_when_the_camera_does(running: Running) -> None:
    controller, camera = running
    camera.hang = True
    action(controller, "record").trigger()
    start = time.monotonic()
    action(controller, "quit").trigger()
    assert time.monotonic() - start < 5
    assert not controller.window.isVisible()
    controller.window.close()  # once more is harmless
    assert "estimate" not in {thread.name for thread in threading.enumerate()}
    camera.hang = False


def test_a_running_take_is_seen_in_title_and_frame_with_everything_else_hidden(
    qtbot: QtBot, running: Running
) -> None:
    controller, _ = running
    window = controller.window
    for name in ("panels", "fullscreen", "record"):
        action(controller, name).trigger()
    qtbot.waitUntil(lambda: window.windowTitle().startswith("● 00:0"), timeout=LIMIT)
    edge = pixels(window.area.grab(QRect(1, 100, 1, 1)).toImage())[0, 0]
    assert edge[0] > 2 * edge[1]
    action(controller, "record").trigger()
    qtbot.waitUntil(lambda: window.windowTitle() == "Sandglass", timeout=LIMIT)


def test_a_countdown_is_cancelled_by_escape(open_window: Callable[..., Controller]) -> None:
    controller = open_window(countdown=5)
    action(controller, "record").trigger()
    assert controller.window.recording.tool.text() == "■  Cancel   in 5 s"
    action(controller, "dismiss").trigger()
    assert controller.window.recording.tool.text() == "●  Record"
    assert not controller.recording.countdown.running


def test_one_begins_at_the_source(qtbot: QtBot, open_window: Callable[..., Controller]) -> None:
    window = open_window().window
    window.activateWindow()
    assert window.focusWidget() is window.source.list


def test_the_cheat_sheet_fits_the_screen_and_is_scrolled(
    open_window: Callable[..., Controller],
) -> None:
    window = open_window().window
    action_help = window.actions_by_name["help"]
    action_help.trigger()
    sheet, screen = window._cheat_sheet, window.screen()
    assert screen
    assert sheet.height() <= screen.availableSize().height()
    sheet.resize(300, 200)
    assert (sheet.width(), sheet.height()) == (300, 200)


def test_a_small_window_is_possible(open_window: Callable[..., Controller]) -> None:
    window = open_window().window
    window.resize(400, 300)
    assert (window.width(), window.height()) == (400, 300)


@pytest.mark.parametrize("mode", ["live", "replay"])
def test_the_panels_are_never_wider_than_their_column(
    qtbot: QtBot, open_window: Callable[..., Controller], mode: Literal["live", "replay"]
) -> None:
    window = open_window().window
    window.set_mode(mode)
    window.backbone.show_status(PipelineStatus(loading="a network of a very long name, " * 3))
    inside = window.program.parentWidget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.minimumSizeHint().width() <= COLUMN_WIDTH - 8)  # a scroll bar
