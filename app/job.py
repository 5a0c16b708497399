"""Longer work in a thread of its own, with its outcome as a Qt signal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Thread

from PyQt6.QtCore import QObject, pyqtSignal

log = logging.getLogger(__package__)


class Cancelled(Exception):  # noqa: N818 (it is no error)
    """Raised inside a job that nobody wants any more."""


Tell = Callable[[float], None]


class Job(QObject):
    """Runs ``work`` once; of ``done`` and ``failed`` one is emitted, or none after ``cancel``.

    work: is handed a function to tell the share that is done, 0 … 1; it raises Cancelled after
    ``cancel``. The outcome is told by the event loop of the thread that made the job, so what that
    thread connects or cancels before is heeded.
    """

    progressed = pyqtSignal(float)
    done = pyqtSignal(object)  # what work returned
    failed = pyqtSignal(str)  # one line
    ended = pyqtSignal()  # always, last
    _worked = pyqtSignal(object)  # what tells the outcome

    def __init__(self, work: Callable[[Tell], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._cancelled = work, False
        self._worked.connect(self._tell_outcome)
        self._thread = Thread(target=self._run, name="job")

    def start(self) -> Job:
        self._thread.start()
        return self

    def cancel(self) -> None:
        self._cancelled = True

    def wait(self) -> None:
        self._thread.join()

    def _tell(self, share: float) -> None:
        if self._cancelled:
            raise Cancelled
        self.progressed.emit(share)

    def _run(self) -> None:
        try:
            tell = partial(self.done.emit, self._work(self._tell))
        except Exception as error:  # of any kind: the window stays, and says so
            if not self._cancelled:
                log.exception("A job failed")
            tell = partial(self.failed.emit, str(error) or type(error).__name__)
        self._worked.emit(tell)

    def _tell_outcome(self, tell: Callable[[], None]) -> None:
        if not self._cancelled:
            tell()
        self.ended.emit()


class Jobs(QObject):
    """The jobs under way; they end before the window does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: list[Job] = []

    def run(
        self,
        work: Callable[[Tell], object],
        done: Callable[..., None],
        failed: Callable[[str], None],
    ) -> Job:
        job = Job(work, self)
        job.done.connect(done)
        job.failed.connect(failed)
        job.ended.connect(lambda: self._forget(job))
        self._running.append(job)
        return job.start()

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def _forget(self, job: Job) -> None:
        self._running.remove(job)
        job.wait()
        job.deleteLater()

    def close(self) -> None:
        """Cancel what can be cancelled, and wait; nothing is told any more."""
        for job in self._running:
            job.blockSignals(True)
            job.cancel()
        for job in self._running:
            job.wait()
