"""A session in the window: opened, played, run again, exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.controller import Controller
from engine.session.markers import MARKS
from engine.session.recording import POSES, SESSION, load_recording
from engine.types import PoseResult
from tests.app.conftest import LIMIT
from tests.conftest import DotSource, draw_dots
from tests.engine.session.takes import make_result, record

pytestmark = pytest.mark.gui

Open = Callable[..., Controller]
Running = tuple[Controller, DotSource]
FRAMES = 60


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    return [draw_dots(240, 320, centre=120 + i, top=20, size=200)[0] for i in range(FRAMES)]


@pytest.fixture
def take(tmp_path: Path, pictures: list[np.ndarray]) -> Path:
    """Two seconds of dots with video."""
    folder = tmp_path / "takes" / "2026-01-31_09-05-00_take-04"
    results = (make_result(i, image=image) for i, image in enumerate(pictures))
    record(folder, *results, video=True, notes="first try")
    return folder


@pytest.fixture
def replaying(qtbot: QtBot, open_window: Open, take: Path) -> Controller:
    """A window that has just opened the take."""
    controller = open_window()
    controller.window.session.set_backbones({"first": "First", "second": "Second"})
    open_session(qtbot, controller, take)
    return controller


def open_session(qtbot: QtBot, controller: Controller, folder: Path) -> None:
    with qtbot.waitSignal(controller.replay.opened, timeout=LIMIT):
        controller.open_session(folder)
    with qtbot.waitSignal(controller.window.video.frame_painted, timeout=LIMIT):
        pass


def shown(controller: Controller) -> list[int]:
    """The indices of the frames that come to the views from now on."""
    indices: list[int] = []
    bridge = controller.replay._bridge
    assert bridge is not None

    def note(result: PoseResult) -> None:
        indices.append(result.frame.index)

    bridge.result_ready.connect(note)
    return indices


def press(controller: Controller, *keys: str) -> None:
    """What a key does now; it does one thing."""
    actions = controller.window.actions_by_name.values()
    for key in keys:
        (action,) = (a for a in actions if a.isEnabled() and QKeySequence(key) in a.shortcuts())
        action.trigger()


def test_opening_a_session_turns_the_window_into_a_player(replaying: Controller) -> None:
    window = replaying.window
    player = (window.session, window.transport, window.timeline, window.skeleton)
    live = (window.source, window.backbone, window.recording, window.performance)
    assert [part.isVisible() for part in player] == [True] * 4
    assert [part.isVisible() for part in live] == [False] * 4
    assert window.session.notes.text() == "first try"
    assert replaying.pipeline.held


def test_the_timeline_is_filled_in_the_background(qtbot: QtBot, replaying: Controller) -> None:
    qtbot.waitUntil(lambda: bool(replaying.window.timeline._angles), timeout=LIMIT)
    assert set(replaying.window.timeline._marks) == set(MARKS)


def test_keys_step_as_in_a_video_player(qtbot: QtBot, replaying: Controller) -> None:
    seen = shown(replaying)

    def at(frame: int) -> bool:
        return bool(seen) and seen[-1] == frame

    for key, frame in (
        ("Right", 1),
        ("Right", 2),
        ("Left", 1),
        ("Shift+Right", 31),
        ("End", FRAMES - 1),
        ("Shift+Left", FRAMES - 31),
        ("Home", 0),
    ):
        press(replaying, key)
        qtbot.waitUntil(partial(at, frame), timeout=LIMIT)


def test_space_plays_to_the_end_and_stops_there(qtbot: QtBot, replaying: Controller) -> None:
    seen, play = shown(replaying), replaying.window.actions_by_name["play"]
    press(replaying, "]", "]", "]", "[", "]")
    assert replaying.window.transport.speeds.currentText() == "4×"
    press(replaying, "Space")
    assert play.isChecked()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == FRAMES - 1, timeout=LIMIT)
    qtbot.waitUntil(lambda: not play.isChecked(), timeout=LIMIT)
    assert seen == sorted(seen)


def test_a_loop_comes_round(qtbot: QtBot, replaying: Controller) -> None:
    seen = shown(replaying)
    press(replaying, "L", "End")
    replaying.replay._step(-1)
    press(replaying, "Space")
    qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(seen)), timeout=LIMIT)
    press(replaying, "Space")


def test_scrubbing_ends_at_the_frame_under_the_mouse(qtbot: QtBot, replaying: Controller) -> None:
    seen = shown(replaying)
    for step in range(200):
        replaying.window.timeline.sought.emit(step % 50 / 30)
    replaying.window.timeline.sought.emit(0.5)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 15, timeout=LIMIT)
    assert len(seen) < 200  # what came too late was never decoded


def test_back_to_live_is_one_key(qtbot: QtBot, running: Running, take: Path) -> None:
    controller, _ = running
    open_session(qtbot, controller, take)
    assert not controller.window.actions_by_name["record"].isEnabled()
    controller.window.actions_by_name["live"].trigger()
    with qtbot.waitSignal(controller.bridge.result_ready, timeout=LIMIT):
        pass
    assert controller.window.recording.isVisible()
    assert not controller.window.timeline.isVisible()
    assert controller.window.actions_by_name["record"].isEnabled()


def test_choosing_a_source_goes_back_to_live(qtbot: QtBot, replaying: Controller) -> None:
    replaying.window.source.source_chosen.emit("demo")
    assert replaying.replay.replay is None
    assert replaying.window.source.isVisible()


def test_started_on_a_session_the_camera_waits(qtbot: QtBot, open_window: Open, take: Path) -> None:
    from engine.session.replay import Replay

    controller = open_window()
    controller.start(None, None, "auto", Replay(take))
    assert controller.pipeline.status.source_state == "none"
    controller.replay.leave()
    assert controller.window.source.list.currentText() == "Demo clip"


def test_each_mode_has_its_tools_also_the_second_time(
    qtbot: QtBot, replaying: Controller, take: Path
) -> None:
    actions = replaying.window.actions_by_name

    def works(name: str) -> tuple[bool, bool]:
        return actions[name].isEnabled(), actions[name].isVisible()

    assert works("live") == (True, True)
    assert works("pause") == (False, False)
    press(replaying, "Ctrl+L")
    assert replaying.replay.replay is None
    assert works("pause") == (True, True)
    assert works("live") == (False, False)
    open_session(qtbot, replaying, take)
    assert works("live") == (True, True)


def test_a_dropped_session_is_opened_by_its_folder_or_a_file_in_it(
    qtbot: QtBot, open_window: Open, take: Path
) -> None:
    controller = open_window()
    for path in (take, take / POSES):
        controller.window.dropped.emit(path)
        qtbot.waitUntil(lambda: controller.replay.replay is not None, timeout=LIMIT)
        controller.replay.leave()
    controller.window.dropped.emit(take / "no_session" / "clip.mp4")
    assert controller.window.source.list.currentText() == "clip.mp4"


def test_what_is_no_session_is_told_and_the_picture_stays_live(
    qtbot: QtBot, open_window: Open, tmp_path: Path, take: Path
) -> None:
    controller = open_window()
    banner = controller.window.banner
    controller.open_session(tmp_path)
    qtbot.waitUntil(lambda: "holds no session" in banner.text, timeout=LIMIT)
    (take / POSES).write_bytes(b"damaged")
    controller.open_session(take)
    qtbot.waitUntil(lambda: "cannot be read" in banner.text, timeout=LIMIT)
    assert controller.replay.replay is None
    assert controller.window.source.isVisible()


def test_no_session_is_opened_over_a_running_take(
    qtbot: QtBot, running: Running, take: Path
) -> None:
    controller, _ = running
    controller.window.actions_by_name["record"].trigger()
    qtbot.waitUntil(lambda: controller.pipeline.status.recorded_frames > 1, timeout=LIMIT)
    controller.open_session(take)
    assert "stop it" in controller.window.banner.text
    assert controller.pipeline.status.recording


def test_notes_are_kept_in_the_session(replaying: Controller, take: Path) -> None:
    notes = replaying.window.session.notes
    notes.setText("left arm was hidden")
    notes.editingFinished.emit()
    assert json.loads((take / SESSION).read_bytes())["notes"] == "left arm was hidden"


# --- another backbone --------------------------------------------------------------------------


def test_a_run_through_another_backbone_is_shown_and_both_results_stay(
    qtbot: QtBot, replaying: Controller, take: Path
) -> None:
    panel = replaying.window.session
    panel.backbones.setCurrentIndex(1)
    panel.rerun.click()
    qtbot.waitUntil(lambda: panel.results.currentData() == "second", timeout=LIMIT)
    assert [panel.results.itemData(row) for row in range(panel.results.count())] == [None, "second"]
    again = load_recording(take, "second")
    assert np.isfinite(again.keypoints2d).all(axis=(1, 2)).mean() > 0.9
    panel.results.setCurrentIndex(0)
    panel.results.activated.emit(0)
    before = replaying.replay.replay
    qtbot.waitUntil(lambda: replaying.replay.replay is not before, timeout=LIMIT)
    assert replaying.replay.replay is not None
    assert replaying.replay.replay.result is None


def test_a_run_that_is_cancelled_leaves_nothing(
    qtbot: QtBot, replaying: Controller, take: Path
) -> None:
    panel, before = replaying.window.session, sorted(take.iterdir())
    panel.rerun.click()
    panel.rerun.click()
    qtbot.waitUntil(lambda: not (replaying.jobs.busy or panel.progress.isVisible()), timeout=LIMIT)
    assert sorted(take.iterdir()) == before


def test_a_backbone_that_does_not_open_is_told(
    qtbot: QtBot, open_window: Open, replaying: Controller
) -> None:
    def fail(_: str) -> None:
        raise ValueError("second is damaged: fetch it again.")

    replaying.session._open_estimator = fail  # type: ignore[assignment]
    replaying.window.session.rerun.click()
    banner = replaying.window.banner
    qtbot.waitUntil(lambda: banner.text == "second is damaged: fetch it again.", timeout=LIMIT)


# --- export ------------------------------------------------------------------------------------


def test_an_export_is_written_and_never_over_a_file_without_a_question(
    qtbot: QtBot, replaying: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaying.window.actions_by_name["export"].trigger()
    dialog, target = replaying.session.dialog, tmp_path / "take.csv"
    dialog.formats.setCurrentIndex(dialog.formats.findData("csv"))
    assert dialog.target.name.endswith("take-04.csv")
    dialog.set_target(target)
    qtbot.keyClick(dialog.formats, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    qtbot.waitUntil(lambda: "read back" in dialog.message, timeout=LIMIT)
    assert target.stat().st_size > 0
    assert str(target) in dialog.message  # whole, to be copied
    assert dialog.show_folder.isVisible()

    target.write_text("mine")
    answer = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    dialog.start.click()
    assert target.read_text() == "mine"
    answer = QMessageBox.StandardButton.Yes
    dialog.start.click()
    qtbot.waitUntil(lambda: target.read_bytes() != b"mine", timeout=LIMIT)


def test_the_export_dialog_remembers_format_and_folder(
    replaying: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = replaying.session.dialog
    replaying.window.actions_by_name["export"].trigger()
    dialog.formats.setCurrentIndex(dialog.formats.findData("bvh"))
    chosen = str(tmp_path / "walk.bvh")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (chosen, ""))
    dialog._browse.click()
    assert dialog.target == Path(chosen)
    settings = replaying.remembering.present()
    assert (settings.export_format, settings.export_folder) == ("bvh", str(tmp_path))
    dialog.close()
    replaying.window.actions_by_name["export"].trigger()
    assert (dialog.target.parent, dialog.target.suffix) == (tmp_path, ".bvh")


def test_raw_and_clean_are_switched_and_both_are_in_the_timeline(
    qtbot: QtBot, replaying: Controller, take: Path
) -> None:
    panel, timeline = replaying.window.session, replaying.window.timeline

    def shown() -> tuple[bool, str]:
        replay = replaying.replay.replay
        return bool(replay and replay.clean), timeline._beside_title

    panel.clean.click()
    qtbot.waitUntil(lambda: shown() == (True, "faint: raw"), timeout=LIMIT)
    assert load_recording(take, clean=True).session["clean"]["cutoff"] == 6.0
    panel.cutoff.setValue(3.0)
    qtbot.waitUntil(
        lambda: load_recording(take, clean=True).session["clean"]["cutoff"] == 3.0, timeout=LIMIT
    )
    qtbot.waitUntil(lambda: panel.clean.isEnabled() and not replaying.jobs.busy, timeout=LIMIT)
    panel.clean.click()
    qtbot.waitUntil(lambda: shown() == (False, "faint: clean"), timeout=LIMIT)


def test_an_export_that_fails_or_is_cancelled_leaves_no_file(
    qtbot: QtBot, replaying: Controller, tmp_path: Path
) -> None:
    replaying.window.actions_by_name["export"].trigger()
    dialog = replaying.session.dialog
    dialog.set_target(tmp_path / "nowhere" / "take.npz")
    dialog.start.click()
    qtbot.waitUntil(lambda: "Cannot write" in dialog.message, timeout=LIMIT)
    dialog.formats.setCurrentIndex(dialog.formats.findData("mp4"))
    dialog.set_target(tmp_path / "take.mp4")
    dialog.start.click()
    dialog.close()
    qtbot.waitUntil(lambda: not replaying.jobs.busy, timeout=LIMIT)
    assert not (tmp_path / "take.mp4").exists()
