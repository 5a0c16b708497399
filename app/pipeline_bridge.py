"""The only crossing from the pipeline's threads to Qt's.

The pipeline rings a bell, a signal without content, of which at most one is under way; the newest
result is then taken from the mailbox. So nothing queues up, however slow painting is.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from engine.estimator import EstimatorSettings
from engine.pipeline.pipeline import Pipeline

STATUS_EVERY = 250  # ms


class PipelineBridge(QObject):
    """Owns the pipeline. Signals are emitted in the thread that made the bridge."""

    result_ready = pyqtSignal(object)  # PoseResult, the newest
    status_changed = pyqtSignal(object)  # PipelineStatus, about four times a second
    _rung = pyqtSignal()

    def __init__(
        self, settings: EstimatorSettings, open_pipeline: Callable[..., Pipeline] = Pipeline
    ) -> None:
        super().__init__()
        self._paused = False
        self._bell = Lock()  # held while a ring is under way
        self._rung.connect(self._take)
        self.pipeline = open_pipeline(settings=settings, notify=self._ring)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.tell_status)
        self._clock.start(STATUS_EVERY)

    def tell_status(self) -> None:
        self.status_changed.emit(self.pipeline.status)

    def set_paused(self, paused: bool) -> None:
        """While paused no result is shown; the newest comes with the next one or in its place."""
        self._paused = paused

    def close(self) -> None:
        """Stop both signals, then the pipeline."""
        self._clock.stop()
        self._rung.disconnect()
        self.pipeline.close()

    def _ring(self) -> None:
        """Called from the pipeline's threads."""
        if self._bell.acquire(blocking=False):
            self._rung.emit()

    def _take(self) -> None:
        self._bell.release()
        if self._paused:
            return
        if result := self.pipeline.results.take():
            self.result_ready.emit(result)
