"""Qt's own words go into the log; what nobody caught is told, and the window goes on."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from PyQt6.QtCore import QThread, qWarning
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.qt_log import qt_logged, uncaught_told
from tests.app.conftest import LIMIT

ROOT = Path(__file__).parents[2]
SLOT = """
from PyQt6.QtCore import QCoreApplication, QTimer
from app.logs import kept_log
from app.qt_log import uncaught_told
app, told = QCoreApplication([]), []
QTimer.singleShot(0, lambda: {}["gone"])
QTimer.singleShot(10, app.quit)
with kept_log(), uncaught_told(told.append):
    app.exec()
print(told)
"""


def test_what_qt_says_is_logged_and_not_printed(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with qt_logged():
        qWarning("No such font")
    assert caplog.record_tuples == [("qt", logging.WARNING, "default: No such font")]
    assert capfd.readouterr().err == ""


@pytest.mark.gui
def test_what_ends_a_thread_is_told_in_the_window_s_own(qtbot: QtBot) -> None:
    class Label(QLabel):
        def tell(self, message: str) -> None:
            assert QThread.currentThread() is self.thread()
            self.setText(message)

    label = Label()
    qtbot.addWidget(label)
    with uncaught_told(label.tell):
        Thread(target=logging.error, args=("no end of it",)).start()
        Thread(target=logging.critical, args=("The %s ended", "capture")).start()
        qtbot.waitUntil(lambda: label.text() == "The capture ended", timeout=LIMIT)


def test_an_exception_in_a_slot_is_logged_and_told_and_ends_nothing(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", SLOT], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 0
    assert answer.stdout.strip() == """["Part of the program failed: KeyError: 'gone'"]"""
    assert "Traceback" in answer.stderr
