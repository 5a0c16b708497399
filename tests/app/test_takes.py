"""The list of takes: pictures, another name, the bin, and back to a replay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import QFile
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.takes_dialog import TakesDialog
from tests.app.conftest import LIMIT
from tests.engine.session.takes import make_result, record

pytestmark = pytest.mark.gui


@pytest.fixture
def listed(qtbot: QtBot, open_window: Callable[..., Controller], tmp_path: Path) -> Controller:
    """A window that lists two takes."""
    for name in ("walk", "jump"):
        record(tmp_path / "takes" / name, *(make_result(i) for i in range(5)))
    controller = open_window()
    controller.window.actions_by_name["takes"].trigger()
    dialog = controller.takes.dialog
    qtbot.waitUntil(lambda: bool(names(dialog)) and not controller.jobs.busy, timeout=LIMIT)
    return controller


def names(dialog: TakesDialog) -> list[str]:
    return [item.text(0) for item in dialog._items()]


def replayed(controller: Controller) -> str | None:
    replay = controller.replay.replay
    return replay.folder.name if replay else None


def test_takes_are_listed_with_length_and_picture(listed: Controller) -> None:
    dialog = listed.takes.dialog
    assert names(dialog) == ["jump", "walk"]
    assert all(item.text(2) == "00:00.13" for item in dialog._items())
    assert all(item.text(3).endswith("%") for item in dialog._items())
    assert all(not item.icon(0).isNull() for item in dialog._items())


def test_another_name_is_given_to_the_folder(
    qtbot: QtBot, listed: Controller, tmp_path: Path
) -> None:
    dialog = listed.takes.dialog
    dialog._items()[1].setText(0, "walk to the door")
    qtbot.waitUntil(lambda: "walk to the door" in names(dialog), timeout=LIMIT)
    assert (tmp_path / "takes" / "walk to the door").is_dir()
    dialog._items()[0].setText(0, "jump")  # its own name: nothing is told
    dialog._items()[0].setText(0, "walk to the door")
    qtbot.waitUntil(lambda: "exists already" in listed.window.banner.text, timeout=LIMIT)
    qtbot.waitUntil(lambda: "jump" in names(dialog), timeout=LIMIT)


def test_a_take_goes_to_the_bin_after_a_question(
    qtbot: QtBot, listed: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binned = list[str]()

    def to_bin(path: str) -> tuple[bool, str]:
        binned.append(path)
        Path(path).rename(tmp_path / "binned")
        return True, ""

    monkeypatch.setattr(QFile, "moveToTrash", to_bin)
    answer = QMessageBox.StandardButton.No
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    listed.takes.dialog.delete.click()
    assert binned == []
    answer = QMessageBox.StandardButton.Yes
    listed.takes.dialog.delete.click()
    assert binned == [str(tmp_path / "takes" / "jump")]
    qtbot.waitUntil(lambda: names(listed.takes.dialog) == ["walk"], timeout=LIMIT)


def test_a_take_is_replayed_and_let_go_before_it_is_renamed(
    qtbot: QtBot, listed: Controller
) -> None:
    dialog = listed.takes.dialog
    with qtbot.waitSignal(listed.replay.opened, timeout=LIMIT):
        dialog.replay.click()
    assert replayed(listed) == "jump"
    dialog._items()[0].setText(0, "leap")
    assert replayed(listed) is None
    qtbot.waitUntil(lambda: "leap" in names(dialog), timeout=LIMIT)
