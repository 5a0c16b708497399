"""Takes made in the window: counted down, judged, and what crashes left finished."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from engine.session.recording import load_recording
from tests.app.conftest import LIMIT
from tests.conftest import DotSource
from tests.engine.session import takes
from tests.engine.session.takes import leave_journal, make_result

pytestmark = pytest.mark.gui

Open = Callable[..., Controller]
Running = tuple[Controller, DotSource]


def test_after_a_take_its_verdict_is_there_with_a_way_to_see_it(
    qtbot: QtBot, running: Running
) -> None:
    controller, _ = running
    record, offer = controller.window.actions_by_name["record"], controller.window.offer
    record.trigger()
    qtbot.waitUntil(lambda: controller.pipeline.status.recorded_frames >= 5, timeout=LIMIT)
    record.trigger()
    qtbot.waitUntil(lambda: offer.text.startswith("Take 1: "), timeout=LIMIT)
    assert "longest gap" in offer.text
    offer.button.click()
    qtbot.waitUntil(lambda: controller.replay.replay is not None, timeout=LIMIT)


def test_a_countdown_runs_first_and_can_be_stopped(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    record, panel = controller.window.actions_by_name["record"], controller.window.recording
    panel._countdown.setCurrentIndex(1)
    controller.recording.countdown._clock.setInterval(30)
    record.trigger()
    assert panel.button.text() == "■  Cancel   in 3 s"
    assert controller.pipeline.status.recording is None
    record.trigger()
    assert panel.button.text() == "●  Record"
    with qtbot.assertNotEmitted(controller.recording.countdown.finished, wait=150):
        pass
    record.trigger()
    qtbot.waitUntil(lambda: controller.pipeline.status.recording is not None, timeout=LIMIT)


def test_a_session_that_is_read_when_a_take_begins_is_not_shown(
    qtbot: QtBot, running: Running, tmp_path: Path
) -> None:
    controller, _ = running
    takes.record(tmp_path / "earlier", *(make_result(i) for i in range(3)))
    controller.open_session(tmp_path / "earlier")
    controller.window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: not controller.jobs.busy, timeout=LIMIT)
    assert controller.replay.replay is None
    qtbot.waitUntil(lambda: controller.pipeline.status.recorded_frames >= 3, timeout=LIMIT)


def test_what_a_crash_left_is_offered_at_start_and_finished(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        leave_journal(tmp_path / "takes" / name, *(make_result(i) for i in range(3)))
    controller = open_window()
    controller.start("demo", "first", "auto")
    window = controller.window
    qtbot.waitUntil(lambda: window.offer.text.startswith("2 unfinished takes"), timeout=LIMIT)
    assert window.offer.button.text() == "Finish them"
    window.offer.button.click()
    qtbot.waitUntil(lambda: "one (3 frames), two (3 frames)" in window.banner.text, timeout=LIMIT)
    assert len(load_recording(tmp_path / "takes" / "two").timestamps) == 3


def test_opening_an_unfinished_session_offers_to_finish_it(
    open_window: Open, tmp_path: Path
) -> None:
    leave_journal(tmp_path / "crashed", make_result(0))
    controller = open_window()
    controller.open_session(tmp_path / "crashed")
    assert controller.window.offer.text.startswith("One unfinished take found")
    assert controller.window.offer.button.text() == "Finish it"
