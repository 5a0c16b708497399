"""Every frame of a file becomes a take, from the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from tests.app.conftest import LIMIT
from tests.conftest import draw_dots

pytestmark = pytest.mark.gui

FRAMES = 20


@pytest.fixture
def showing(qtbot: QtBot, open_window: Callable[..., Controller], tmp_path: Path) -> Controller:
    """A window that shows a folder of pictures."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(FRAMES):
        cv2.imwrite(str(folder / f"{i}.png"), draw_dots(centre=280 + i)[0][..., ::-1])
    controller = open_window()
    controller.start(str(folder), "first", "auto")
    qtbot.waitUntil(lambda: controller.pipeline.frames_done > 0, timeout=LIMIT)
    return controller


def test_a_file_is_analysed_whole_and_then_replayed(qtbot: QtBot, showing: Controller) -> None:
    source = showing.window.source
    assert source.analyse.isVisible()
    source.analyse.click()
    assert source.analyse.text() == "Cancel"
    assert showing.pipeline.held
    showing.window.actions_by_name["record"].trigger()
    assert "being analysed" in showing.window.banner.text
    qtbot.waitUntil(lambda: showing.replay.replay is not None, timeout=LIMIT)
    assert showing.replay.replay
    assert len(showing.replay.replay) == FRAMES
    showing.replay.leave()
    qtbot.waitUntil(lambda: not showing.jobs.busy, timeout=LIMIT)
    assert source.analyse.text() == "Analyse every frame"
    assert not showing.pipeline.held


def test_it_can_be_called_off_and_the_picture_goes_on(qtbot: QtBot, showing: Controller) -> None:
    source = showing.window.source
    source.analyse.click()
    source.analyse.click()
    qtbot.waitUntil(lambda: not showing.jobs.busy, timeout=LIMIT)
    assert showing.replay.replay is None
    done = showing.pipeline.frames_done
    qtbot.waitUntil(lambda: showing.pipeline.frames_done > done, timeout=LIMIT)


def test_a_camera_has_no_last_frame(open_window: Callable[..., Controller]) -> None:
    source = open_window().window.source
    for camera in (0, "rtsp://camera/1"):
        source.set_source(camera)
        assert source.analyse.isHidden()
