"""Configures logging for one run: a file in the user's log folder, and stderr with --debug.

Modules log to the logger of their package, ``logging.getLogger(__package__)``, and configure
nothing. Knows no Qt.
"""

from __future__ import annotations

import faulthandler
import logging
import platform
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

log = logging.getLogger(__package__)

LINE = "%(asctime)s %(levelname)s %(name)s [%(process)d %(threadName)s] %(message)s"
LARGEST, OLDER = 1 << 20, 3  # bytes of the file; how many before it are kept
SECRETS = re.compile(r"(?<=://)[^/\s]+(?=@)|(?<=\?)\S+=\S+")  # of addresses


def log_file() -> Path:
    return platformdirs.user_log_path("sandglass", appauthor=False) / "sandglass.log"


def crash_file() -> Path:
    """Where each crash leaves what every thread was doing."""
    return log_file().with_name("crashes.log")


@contextmanager
def kept_log(debug: bool = False) -> Iterator[None]:
    """Log what this process does; exceptions are logged with their traceback and raised on.

    debug: on stderr too. A folder that cannot be written is one line on stderr.
    """
    with ExitStack() as undo:
        _set(undo, logging, "raiseExceptions", False)  # a full disk ends the log, nothing else
        undo.callback(logging.root.setLevel, logging.root.level)
        logging.root.setLevel(logging.INFO)
        if debug:
            _add(undo, _stderr())
        _open_files(undo)
        _hear_of_uncaught(undo)
        log.info("Begun: Python %s on %s", platform.python_version(), platform.platform())
        try:
            yield
        except Exception as error:
            log.exception("Ended by %s", type(error).__name__)
            raise
        finally:
            log.info("Ended")


def _open_files(undo: ExitStack) -> None:
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = RotatingFileHandler(
            path, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8", errors="backslashreplace"
        )
        _add(undo, kept)
        if not faulthandler.is_enabled():  # by Python's own -X faulthandler, for one
            faulthandler.enable(undo.enter_context(crash_file().open("a")))
            undo.callback(faulthandler.disable)
    except OSError as error:
        reason = f"{path.parent} cannot be written ({error.strerror})"
        print(f"sandglass: No log is kept: {reason}.", file=sys.stderr)


def _stderr() -> logging.Handler:
    handler = logging.StreamHandler()
    handler.addFilter(lambda record: record.levelno < logging.CRITICAL)  # Python prints those
    return handler


def _add(undo: ExitStack, handler: logging.Handler) -> None:
    handler.setFormatter(_Line(LINE))
    handler.addFilter(_NotAgain())
    logging.root.addHandler(handler)
    undo.callback(handler.close)
    undo.callback(logging.root.removeHandler, handler)


class _Line(logging.Formatter):
    """Leaves out the passwords of addresses."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRETS.sub("…", super().format(record))


class _NotAgain(logging.Filter):
    """Leaves out repetitions of the line before, as of a camera that stays away."""

    _last = ""

    def filter(self, record: logging.LogRecord) -> bool:
        before, self._last = self._last, repr((record.name, record.msg, record.args))
        return self._last != before


def _hear_of_uncaught(undo: ExitStack) -> None:
    """Log exceptions that end a thread or, in the window, a slot; then handle them as usual."""
    of_slot, of_thread = sys.excepthook, threading.excepthook

    def in_slot(kind: type[BaseException], error: BaseException, trace: object) -> None:
        _log_uncaught(error)
        of_slot(kind, error, trace)  # type: ignore[arg-type]

    def in_thread(raised: threading.ExceptHookArgs) -> None:
        _log_uncaught(raised.exc_value)
        of_thread(raised)

    _set(undo, sys, "excepthook", in_slot)
    _set(undo, threading, "excepthook", in_thread)


def _log_uncaught(error: BaseException | None) -> None:
    what = f"{type(error).__name__}: {error}"
    log.critical("Part of the program failed: %s", what, exc_info=error)


def _set(undo: ExitStack, owner: object, name: str, value: object) -> None:
    undo.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)
