"""What is kept of a run: where it stands, what it leaves out, and that it stops nothing."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

import app.logs
from app.cli import main
from app.doctor import crashes
from app.logs import crash_file, kept_log, log_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log's, of this test alone."""
    monkeypatch.setattr("platformdirs.user_log_path", lambda *_, **__: tmp_path / "log")
    return tmp_path / "log"


def run_python(code: str, state: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_STATE_HOME": str(state)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)


def test_importing_the_program_configures_nothing(tmp_path: Path) -> None:
    code = (
        "import faulthandler, logging, sys, app.cli, engine.pipeline.pipeline;"
        "assert sys.excepthook is sys.__excepthook__;"
        "import app.application;"  # whose pyqtgraph has a hook of its own
        "assert not faulthandler.is_enabled();"
        "assert logging.root.level == logging.WARNING;"
        "assert logging.root.handlers == []"
    )
    assert run_python(code, tmp_path).stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_the_engine_alone_prints_nothing_of_what_it_logs(tmp_path: Path) -> None:
    code = "import engine, logging; logging.getLogger('engine.sources').error('lost')"
    assert run_python(code, tmp_path).stderr == ""


def test_a_line_says_when_how_grave_and_by_which_package(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with kept_log():
        logging.getLogger("engine.sources").info("Opened: %s", "USB Video")
    (line,) = [line for line in log_file().read_text().splitlines() if "USB" in line]
    assert line.split()[2:4] == ["INFO", "engine.sources"]
    assert line.endswith(f"[{os.getpid()} MainThread] Opened: USB Video")
    assert capsys.readouterr().err == ""


def test_afterwards_all_is_as_before() -> None:
    before = (*logging.root.handlers, logging.root.level, logging.raiseExceptions, sys.excepthook)
    with kept_log(debug=True):
        pass
    after = (*logging.root.handlers, logging.root.level, logging.raiseExceptions, sys.excepthook)
    assert after == before


@pytest.mark.parametrize("words", [["--debug", "recover"], ["recover", "--debug"]])
def test_debug_prints_the_log_wherever_it_stands(
    words: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, str(tmp_path)]) == 2
    printed = capsys.readouterr().err
    assert "INFO app" in printed
    assert printed.endswith(f"sandglass: {tmp_path} holds no session: no journal.jsonl there.\n")


def test_what_became_a_message_is_logged_with_its_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recover", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    logged = log_file().read_text()
    assert "Traceback" in logged
    assert "engine/session/finish.py" in logged.replace("\\", "/")


def test_the_password_of_an_address_is_left_out() -> None:
    with kept_log():
        logging.warning("rtsp://me:se@cret@host:554/live breaks off")
        logging.warning("http://host/video.cgi?user=me&pwd=secret breaks off")
    logged = log_file().read_text()
    assert "cret" not in logged
    assert "rtsp://…@host:554/live breaks off" in logged
    assert "http://host/video.cgi?… breaks off" in logged


def test_what_repeats_itself_is_written_once() -> None:
    with kept_log():
        for name in ("away", "away", "away", "back", "away"):
            logging.warning("The camera is %s", name)
    assert log_file().read_text().count("away") == 2


def test_old_lines_make_way(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(app.logs, "LARGEST", 1000)
    with kept_log():
        for number in range(100):
            logging.warning("Line %d", number)
    files = sorted(folder.glob("sandglass.log*"))
    assert len(files) == 1 + app.logs.OLDER
    assert max(file.stat().st_size for file in files) <= 1000


def test_a_folder_that_cannot_be_written_is_one_warning(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.touch()
    assert main(["models", "list"]) == 0
    printed = capsys.readouterr()
    assert printed.err.startswith(f"sandglass: No log is kept: {folder} cannot be written")
    assert printed.err.count("\n") == 1
    assert "Official files" in printed.out


def test_a_name_that_is_no_text_is_logged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's cannot pass it on
    with kept_log():
        logging.warning("%s", os.fsdecode(b"clip\xff.mp4"))
    assert "clip\\udcff.mp4" in log_file().read_text()


def test_an_exception_that_ends_a_thread_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr("threading.excepthook", heard.append)
    with kept_log():
        thread = Thread(target=lambda: {"here": 1}["gone"], name="estimate")
        thread.start()
        thread.join()
    logged = log_file().read_text()
    assert "estimate] Part of the program failed: KeyError: 'gone'" in logged
    assert "Traceback" in logged
    assert len(heard) == 1  # what would have heard of it without a log still does


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folder and signal are Linux's")
def test_crashes_are_kept_one_after_the_other(tmp_path: Path) -> None:
    code = "import os; from app.logs import kept_log\nwith kept_log(): os.abort()"
    for _ in range(2):
        assert run_python(code, tmp_path).returncode == -signal.SIGABRT
    kept = (tmp_path / "sandglass" / "log" / "crashes.log").read_text()
    assert kept.count("Fatal Python error: Aborted") == 2


def test_the_doctor_names_the_crashes(folder: Path) -> None:
    assert crashes() == f"none in {crash_file()}"
    folder.mkdir()
    crash_file().touch()
    assert crashes() == f"none in {crash_file()}"
    crash_file().write_text("Fatal Python error")
    os.utime(crash_file(), (0, 86_400 * 365))
    assert crashes().startswith(f"{crash_file()}, the last one 197")
