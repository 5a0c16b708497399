"""The program as a whole, in a process of its own: it takes its picture, it closes when told to."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest
from PyQt6.QtGui import QImage

from app.main_window import SIZE
from engine.models.model_spec import find_models
from engine.sources.capture import DEMO_CLIP
from tests.app.conftest import LIMIT

pytestmark = pytest.mark.gui

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from pathlib import Path
from PyQt6.QtCore import QTimer
from app.application import run, qt_application
from app.signals import leave
from engine.estimator import DEFAULT_BACKBONE
qt_application()
QTimer.singleShot(0, lambda: print("up", flush=True))
source, settings, picture, after = sys.argv[1:]
saved = Path(picture) if picture else None
leave(run(source, DEFAULT_BACKBONE, None, "auto", saved, int(after), Path(settings)))
"""


@contextmanager
def program(source: str, settings: Path, picture: str = "") -> Iterator[subprocess.Popen[str]]:
    """The window on ``source``; where it is to save a picture, after ten results."""
    python = [sys.executable, "-X", "faulthandler", "-c", SCRIPT]
    command = [*python, source, str(settings), picture, "10"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=PIPE, stderr=PIPE) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.skipif(
    not (DEMO_CLIP.is_file() and find_models("pose2d") and find_models("lift3d")),
    reason="needs the demo clip and the shipped models in assets/",
)
def test_it_saves_a_picture_of_the_running_window_and_leaves(tmp_path: Path) -> None:
    picture, settings = tmp_path / "window.png", tmp_path / "settings.ini"
    with program("demo", settings, str(picture)) as running:
        _, errors = running.communicate(timeout=LIMIT / 1000)
    assert (running.returncode, errors) == (0, "")
    image = QImage(str(picture))
    assert 300 < image.width() <= SIZE.width()  # as the screen allows
    assert 200 < image.height() <= SIZE.height()
    assert not settings.exists()


def test_a_picture_that_cannot_come_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    address = "http://127.0.0.1:9/none"
    with program(address, tmp_path / "settings.ini", str(picture)) as running:
        _, errors = running.communicate(timeout=LIMIT / 1000)
    assert running.returncode == 2
    assert errors.count("\n") == 1
    assert not picture.exists()


def test_a_source_that_is_not_there_is_told_before_a_window_opens(tmp_path: Path) -> None:
    with program("nothing.mp4", tmp_path / "settings.ini") as running:
        output, errors = running.communicate(timeout=LIMIT / 1000)
    assert "SourceError: No file, folder or camera 'nothing.mp4'." in errors
    assert "up" not in output


def test_ctrl_c_closes_it_properly(tmp_path: Path) -> None:
    settings = tmp_path / "settings.ini"
    with program("http://127.0.0.1:9/none", settings) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "up\n"
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=LIMIT / 1000)
    assert (running.returncode, errors) == (130, "")
    assert settings.exists()
