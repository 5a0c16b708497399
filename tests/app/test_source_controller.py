"""Sources in the window: which is opened, what is remembered of it, and where one fails."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.source_controller import NO_CAMERA, parse_modes
from engine.sources.capture import DEMO, Camera, Mode, SourceError
from tests.app.conftest import LIMIT
from tests.conftest import DotSource, wait_for

pytestmark = pytest.mark.gui

Running = tuple[Controller, DotSource]


def test_a_source_that_does_not_open_leaves_the_running_one(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    controller.window.source.source_chosen.emit("/no/such/clip.mp4")
    banner = controller.window.banner
    qtbot.waitUntil(lambda: "/no/such/clip.mp4" in banner.text, timeout=LIMIT)
    assert controller.pipeline.status.failed == "/no/such/clip.mp4"
    assert controller.window.source.list.currentIndex() == -1  # the dots have no name
    with qtbot.waitSignal(controller.window.video.frame_painted, timeout=LIMIT):
        pass


def test_without_a_camera_the_demo_clip_plays_and_the_banner_says_so(
    open_window: Callable[..., Controller],
) -> None:
    controller = open_window(cameras=())
    controller.start(None, None, "auto")
    assert controller.window.banner.text == NO_CAMERA
    assert controller.window.source.list.currentData() == DEMO


def test_the_camera_is_remembered_by_its_name(open_window: Callable[..., Controller]) -> None:
    cameras = (Camera(0, "Integrated Camera"), Camera(4, "USB Video"))
    controller = open_window(cameras=cameras, camera="USB Video", backbone="second")
    controller.start(None, None, "auto")
    assert controller.window.source.list.currentData() == 4
    assert controller.settings().camera == "USB Video"
    assert controller.settings().backbone == "second"


def test_the_mode_chosen_is_remembered_of_each_camera(
    open_window: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras = (Camera(0, "Integrated Camera"), Camera(4, "USB Video"))
    asked = list[tuple[int, object]]()

    def open_source(source: int, size: object, **_: object) -> DotSource:
        asked.append((source, size))
        return DotSource()

    monkeypatch.setattr("engine.pipeline.sources.open_source", open_source)
    controller = open_window(cameras=cameras)
    controller.start(4, None, "auto")
    source = controller.window.source
    source.set_modes([Mode((1280, 720), 60.0, "MJPG")])
    source.modes.activated.emit(1)
    controller = open_window(cameras=cameras, modes=controller.settings().modes)
    controller.start(4, None, "auto")
    assert controller.window.source.modes.currentText() == "1280x720 MJPG at 60 fps"
    source.source_chosen.emit(0)
    assert source.modes.currentIndex() == 0
    wait_for(lambda: len(asked) == 4)
    assert sorted(asked, key=str) == [(0, None), (4, (1280, 720)), (4, (1280, 720)), (4, None)]


def test_where_a_camera_does_not_open_the_room_is_that_of_the_one_that_runs(
    qtbot: QtBot, open_window: Callable[..., Controller], monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras = (Camera(0, "Integrated Camera"), Camera(4, "USB Video"))

    def open_source(source: int, **_: object) -> DotSource:
        if source == 4:
            raise SourceError("USB Video does not open.")
        return DotSource()

    monkeypatch.setattr("engine.pipeline.sources.open_source", open_source)
    rooms = {"body_height": None, "cameras": {"USB Video": {"pitch": 25.0, "roll": 0.0}}}
    controller = open_window(cameras=cameras, rooms=json.dumps(rooms))
    controller.start(0, "first", "auto")
    qtbot.waitUntil(lambda: controller.pipeline.status.given == 0, timeout=LIMIT)
    controller.window.source.source_chosen.emit(4)
    assert controller.pipeline.settings.room.pitch == 25.0
    qtbot.waitUntil(lambda: controller.window.source.camera == "Integrated Camera", timeout=LIMIT)
    assert controller.pipeline.settings.room.pitch is None


def test_while_a_take_runs_its_source_stays(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    controller.window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: controller.pipeline.status.recorded_frames > 0, timeout=LIMIT)
    controller.window.source.source_chosen.emit(DEMO)
    assert "A take is being recorded" in controller.window.banner.text
    assert controller.pipeline.status.opening is None
    controller.window.actions_by_name["record"].trigger()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"USB Video": [[1280], 60, "MJPG"]}'])
def test_damaged_modes_are_forgotten(text: str) -> None:
    assert parse_modes(text) == {}


def test_another_source_does_not_make_the_window_forget_the_camera(
    open_window: Callable[..., Controller],
) -> None:
    controller = open_window(cameras=(), camera="USB Video")
    controller.start(DEMO, None, "auto")
    assert controller.settings().camera == "USB Video"
