"""Logs Qt's messages, and shows uncaught exceptions in the window."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PyQt6.QtCore import QMessageLogContext, QObject, QtMsgType, pyqtSignal, qInstallMessageHandler

log = logging.getLogger("qt")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@contextmanager
def qt_logged() -> Iterator[None]:
    """Log Qt's messages instead of printing them; the one before an abort is printed too."""
    before = qInstallMessageHandler(_log)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    log.log(LEVELS[kind], "%s: %s", context.category, message)
    if kind == QtMsgType.QtFatalMsg:
        print(message, file=sys.stderr)


@contextmanager
def uncaught_told(tell: Callable[[str], None]) -> Iterator[None]:
    """Call ``tell``, in its widget's thread, for exceptions that nobody caught in any thread."""
    bell = _Bell()
    bell.rang.connect(tell)
    handler = _Ringer(bell)
    logging.root.addHandler(handler)
    try:
        yield
    finally:
        logging.root.removeHandler(handler)


class _Bell(QObject):
    rang = pyqtSignal(str)


class _Ringer(logging.Handler):
    def __init__(self, bell: _Bell) -> None:
        super().__init__(logging.CRITICAL)
        self._bell = bell

    def emit(self, record: logging.LogRecord) -> None:
        self._bell.rang.emit(record.getMessage())
